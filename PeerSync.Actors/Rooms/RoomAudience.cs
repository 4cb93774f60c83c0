using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>Writes one announcement at most once for each form, however many members it goes to. Used for one announcement, then disposed.</summary>
/// <param name="write">Writes it in a form; returns false where the form has no such frame.</param>
internal ref struct RoomAudience(Func<MessageBuffer, RoomsForm, bool> write) : IDisposable
{
    private FormFrames _frames;

    /// <summary>Sends the announcement to a member, if its form has it.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool Send(RoomMember member, IActorRef sender)
    {
        if (member.Connection is not { } connection || Frame(member.Form) is not { } frame)
        {
            return false;
        }

        frame.Retain();
        connection.Tell(frame, sender);
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (ref var slot in (Span<FormFrame>)_frames)
        {
            slot.Frame?.Release();
            slot = default;
        }
    }

    private MessageBuffer? Frame(RoomsForm form)
    {
        ref var slot = ref ((Span<FormFrame>)_frames)[(int)form];
        if (!slot.IsKnown)
        {
            slot.IsKnown = true;
            var frame = MessageBuffer.Rent();
            if (write(frame, form))
            {
                slot.Frame = frame;
            }
            else
            {
                frame.Release();
            }
        }

        return slot.Frame;
    }

    private struct FormFrame
    {
        public bool IsKnown;
        public MessageBuffer? Frame;
    }

    [System.Runtime.CompilerServices.InlineArray(6)]
    private struct FormFrames
    {
        private FormFrame _first;
    }
}
