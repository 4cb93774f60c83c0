using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <content>What members send each other.</content>
public sealed partial class RoomActor
{
    private readonly Queue<StoredOperation> _operations = new();
    private long _version;

    private void OnFrame(MemberFrame frame)
    {
        // Sockets that are no member's, or no longer, are not heard.
        if (Current(frame.UserId, frame.ConnectionId) is not { } sender)
        {
            return;
        }

        sender.LastSeen = Now;
        if (RoomsSignal.IsSignal(frame.Type))
        {
            Signal(frame, sender);
        }
        else if (frame.Type == RoomsFrameType.OperationSyncRequest || (frame.Type == RoomsFrameType.Operation && frame.Form == RoomsForm.Workbench))
        {
            Operate(frame, sender);
        }
        else
        {
            Relay(frame, sender);
        }
    }

    private void Signal(MemberFrame frame, RoomMember sender)
    {
        if (frame.To is not { } to)
        {
            SignalToOthers(frame, sender);
        }
        else if (_members.TryGetValue(to, out var target))
        {
            if (target.Connection is not null)
            {
                SignalTo(target, frame, frame.Body);
                _counters.FrameRelayed(frame.Form, frame.Type, 1);
            }
        }
        else if (frame.Form == RoomsForm.Readme)
        {
            // In this form a name that is no member's is as good as none.
            SignalToOthers(frame, sender);
        }
    }

    // Apart, because what translates for an audience is allocated where its method begins.
    private void SignalToOthers(MemberFrame frame, RoomMember sender)
    {
        var now = Now;
        var receivers = 0;
        using var audience = new RoomAudience((output, form) =>
            RoomsSignal.TryTranslate(output, frame.Body.Span, frame.Form, form, frame.RoomId, frame.UserId, to: null, now));
        foreach (var (_, member) in _members)
        {
            if (member == sender || member.Connection is not { } connection)
            {
                continue;
            }

            if (member.Form == frame.Form)
            {
                SignalTo(member, frame, frame.Body);
                receivers++;
            }
            else if (RoomsSignal.Meet(member.Form, frame.Form))
            {
                TellOffer(member, frame);
                receivers += audience.Send(member, Self) ? 1 : 0;
            }
        }

        _counters.FrameRelayed(frame.Form, frame.Type, receivers);
    }

    private void SignalTo(RoomMember target, MemberFrame frame, MessageBuffer body)
    {
        if (target.Form == frame.Form)
        {
            TellOffer(target, frame);
            body.Retain();
            target.Connection!.Tell(body, Self);
            return;
        }

        var translated = MessageBuffer.Rent(body.Length);
        if (RoomsSignal.TryTranslate(translated, body.Span, frame.Form, target.Form, frame.RoomId, frame.UserId, target.UserId, Now))
        {
            TellOffer(target, frame);
            target.Connection!.Tell(translated, Self);
        }
        else
        {
            translated.Release();
        }
    }

    private void TellOffer(RoomMember target, MemberFrame frame)
    {
        if (target.Form == RoomsForm.Collaboration && frame.Type == RoomsFrameType.Offer)
        {
            target.Connection!.Tell(new RoomPeerEvent(RoomPeerEventKind.Offered, frame.UserId), Self);
        }
    }

    private void Relay(MemberFrame frame, RoomMember sender)
    {
        var receivers = 0;
        foreach (var (_, member) in _members)
        {
            if (member.Form == frame.Form && member.Connection is { } connection && (member != sender || RoomsRelay.Echoes(frame.Form)))
            {
                frame.Body.Retain();
                connection.Tell(frame.Body, Self);
                receivers++;
            }
        }

        _counters.FrameRelayed(frame.Form, frame.Type, receivers);
    }

    private void Operate(MemberFrame frame, RoomMember sender)
    {
        var version = ++_version;
        var acknowledgement = MessageBuffer.Rent();
        RoomsRelay.WriteAcknowledgement(acknowledgement, frame.Form, frame.Body.Span, frame.UserId, version);
        sender.Connection!.Tell(acknowledgement, Self);
        var operation = MessageBuffer.Rent(frame.Body.Length);
        RoomsRelay.WriteOperation(operation, frame.Form, frame.Body.Span, frame.RoomId, frame.UserId, version);
        if (frame.Form == RoomsForm.Workbench && RoomsRelay.TryReadOperation(frame.Body.Span, out var operationId, out var data))
        {
            Keep(new StoredOperation(operationId, frame.UserId, sender.UserName ?? frame.UserId, data, version, Now));
        }

        _counters.FrameRelayed(frame.Form, frame.Type, SendToOthers(operation, frame.Form, sender));
        operation.Release();
    }

    private int SendToOthers(MessageBuffer frame, RoomsForm form, RoomMember sender)
    {
        var receivers = 0;
        foreach (var (_, member) in _members)
        {
            if (member != sender && member.Form == form && member.Connection is { } connection)
            {
                frame.Retain();
                connection.Tell(frame, Self);
                receivers++;
            }
        }

        return receivers;
    }

    private void Keep(StoredOperation operation)
    {
        _operations.Enqueue(operation);
        if (_operations.Count > _settings.MaxOperations)
        {
            _operations.Dequeue();
        }
    }
}
