using System.Runtime.InteropServices;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;

namespace PeerSync.Actors.Peers;

/// <summary>One network's registered peers: announces who comes, changes and goes to those who may see it, and lists them.</summary>
/// <param name="regions">Where the peers are reached.</param>
/// <param name="counters">Counts announcements.</param>
/// <remarks>One announcement costs one frame per connection mode, however many peers receive it.</remarks>
public sealed class NetworkActor(PeersRegions regions, PeersCounters counters) : UntypedActor
{
    // In the order of registration, which is the order of the lists (Peers contract, section 3.6).
    private readonly OrderedDictionary<UserId, PeerEntry> _peers = [];

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PeerPresent present:
                OnPresent(present);
                break;
            case PeerAbsent absent:
                OnAbsent(absent);
                break;
            case ListPeers list:
                Sender.Tell(List(list), Self);
                break;
            case StopIfIdle:
                Stop();
                return;
        }

        if (_peers.Count == 0)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    private static ConnectionMode Mode(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal) ? ConnectionMode.Lan : ConnectionMode.Remote;

    private static MessageBuffer Online(PeerEntry entry, ConnectionMode mode)
    {
        var frame = MessageBuffer.Rent();
        PeersWriter.StatusOnline(frame, entry.UserId, entry.Profile, entry.Status, mode);
        return frame;
    }

    private static MessageBuffer Offline(UserId user)
    {
        var frame = MessageBuffer.Rent();
        PeersWriter.StatusOffline(frame, user);
        return frame;
    }

    private void Stop()
    {
        if (_peers.Count == 0)
        {
            Context.Stop(Self);
        }
        else
        {
            Context.Parent.Tell(CancelPassivation.Instance, Self);
        }
    }

    private void OnPresent(PeerPresent present)
    {
        var entry = present.Entry;
        _peers[entry.UserId] = entry;
        MessageBuffer? near = null, far = null;
        foreach (var (userId, other) in _peers)
        {
            if (userId == entry.UserId)
            {
                continue;
            }

            var frame = Mode(other.AddressTag, entry.AddressTag) == ConnectionMode.Lan
                ? near ??= Online(entry, ConnectionMode.Lan)
                : far ??= Online(entry, ConnectionMode.Remote);
            Announce(userId, frame);
            if (present.Introduce)
            {
                Deliver(entry.UserId, Online(other, Mode(other.AddressTag, entry.AddressTag)));
            }
        }

        near?.Release();
        far?.Release();
    }

    private void OnAbsent(PeerAbsent absent)
    {
        if (!_peers.Remove(absent.UserId) || _peers.Count == 0)
        {
            return;
        }

        var frame = Offline(absent.UserId);
        foreach (var userId in _peers.Keys)
        {
            Announce(userId, frame);
            if (absent.Moved)
            {
                Deliver(absent.UserId, Offline(userId));
            }
        }

        frame.Release();
    }

    private MessageBuffer List(ListPeers request)
    {
        var listed = new List<PeerListEntry>(_peers.Count);
        foreach (var (userId, entry) in _peers)
        {
            var mode = Mode(entry.AddressTag, request.AddressTag);
            if (userId != request.UserId && request.Filter.Matches(entry.Profile, mode))
            {
                listed.Add(new PeerListEntry(userId, entry.Profile, entry.Status, mode));
            }
        }

        var frame = MessageBuffer.Rent();
        PeersWriter.PeersList(frame, CollectionsMarshal.AsSpan(listed));
        return frame;
    }

    private void Announce(UserId receiver, MessageBuffer shared)
    {
        shared.Retain();
        Deliver(receiver, shared);
    }

    private void Deliver(UserId receiver, MessageBuffer frame)
    {
        counters.PresenceDelivered(1);
        regions.Peers.Tell(new DeliverFrame(receiver, frame), Self);
    }
}
