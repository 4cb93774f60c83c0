using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <content>What is asked over HTTP, and the sweep.</content>
public sealed partial class RoomActor
{
    // By the convention of form D, whose command to end a session does not know who gives it.
    private const string CallerUnknown = "system";

    private void OnRequest(object message)
    {
        switch (message)
        {
            case CreateRoom create:
                OnCreate(create);
                break;
            case AddMember add:
                OnAdd(add);
                break;
            case RemoveMember remove:
                Sender.Tell(new RoomDone(OnRemove(remove)), Self);
                break;
            case PostOperation post:
                Sender.Tell(new RoomDone(OnPost(post)), Self);
                break;
            case DescribeRoom:
                Sender.Tell(new RoomDescribed(_isOpen ? Describe(RoomsForm.Undecided) : null), Self);
                break;
            case ListOperations:
                Sender.Tell(new RoomOperations([.. _operations]), Self);
                break;
            case CloseRoom close:
                Sender.Tell(new RoomDone(OnClose(close)), Self);
                break;
            case EvictToken evict:
                Sender.Tell(new RoomDone(OnEvict(evict)), Self);
                break;
            case SweepRoom:
                Sender.Tell(new RoomDone(_isOpen && Sweep()), Self);
                break;
        }
    }

    private void OnCreate(CreateRoom create)
    {
        var error = _isOpen || _counters.Rooms >= _settings.MaxRooms ? RoomsError.CreateFailed : _counters.IsOverloaded ? RoomsError.Overloaded : null;
        if (error is not null)
        {
            Sender.Tell(new RoomRefused(create.RoomId, error, default), Self);
            return;
        }

        Open(create.RoomId, create.Description, create.HostId ?? "unknown", create.Description.HostName ?? "Host");
        if (create.HostId is not null)
        {
            Add(new RoomMember(create.HostId, Now) { UserName = create.Description.HostName ?? "Host" });
        }

        Sender.Tell(new RoomDescribed(Describe(RoomsForm.Undecided)), Self);
    }

    private void OnAdd(AddMember add)
    {
        var error = !_isOpen ? RoomsError.JoinFailed
            : _members.ContainsKey(add.UserId) ? null
            : _counters.IsOverloaded ? RoomsError.Overloaded
            : _members.Count >= _settings.MaxMembers ? RoomsError.JoinFailed
            : null;
        if (error is not null)
        {
            Sender.Tell(new RoomRefused(add.RoomId, error, default), Self);
            return;
        }

        if (!_members.TryGetValue(add.UserId, out var member))
        {
            Add(new RoomMember(add.UserId, Now) { UserName = add.UserName });
            _audit.Record(new RoomsAuditEvent("joined", _roomId, add.UserId) { Reason = "http" });
        }
        else
        {
            member.LastSeen = Now;
        }

        _lastActivity = Now;
        Sender.Tell(new RoomDescribed(Describe(RoomsForm.Undecided)), Self);
    }

    private bool OnRemove(RemoveMember remove)
    {
        if (remove.UserId == CallerUnknown || !_members.TryGetValue(remove.UserId, out var member))
        {
            return false;
        }

        // Nobody else may put out somebody who is there.
        if (member.Connection is not null && !remove.IsTrusted && member.AddressTag != remove.AddressTag)
        {
            return false;
        }

        Remove(member, "http");
        return true;
    }

    private bool OnPost(PostOperation post)
    {
        if (!_members.TryGetValue(post.UserId, out var author) || author.Connection is null)
        {
            return false;
        }

        var operation = new StoredOperation(post.OperationId, post.UserId, author.UserName ?? post.UserId, post.Data, ++_version, Now);
        Keep(operation);
        var frame = MessageBuffer.Rent();
        RoomsRelay.WriteOperation(
            frame, _roomId, operation.OperationId, operation.UserId, operation.UserName, operation.Data, operation.Version, operation.Timestamp);
        _counters.FrameRelayed(RoomsForm.Workbench, RoomsFrameType.Operation, SendToOthers(frame, RoomsForm.Workbench, author));
        frame.Release();
        return true;
    }

    private bool OnClose(CloseRoom close)
    {
        if (!_isOpen || (close.OnlyIf is not null && close.OnlyIf != _hostId))
        {
            return false;
        }

        foreach (var member in _members.Values.ToArray())
        {
            if (_isOpen)
            {
                Remove(member, "room-closed");
            }
        }

        if (_isOpen)
        {
            Close();
        }

        return true;
    }

    private bool OnEvict(EvictToken evict)
    {
        var evicted = _members.Values.Where(member => member.TokenId == evict.TokenId).ToArray();
        foreach (var member in evicted)
        {
            member.Connection?.Tell(TokenWasRevoked.Instance, Self);
            Remove(member, "token-revoked");
        }

        return evicted.Length > 0;
    }

    private bool Sweep()
    {
        var now = Now;
        var silentSince = now - (long)_settings.PeerHeartbeat.TotalMilliseconds;
        var hasSocket = false;
        var wasInUse = _members.Count > 0;
        foreach (var member in _members.Values.ToArray())
        {
            if (member.Connection is not null || member.IsAway)
            {
                // The socket answers the heartbeat of all sockets, or would be gone.
                hasSocket = true;
            }
            else if (member.LastSeen < silentSince)
            {
                _audit.Record(new RoomsAuditEvent("evicted", _roomId, member.UserId));
                Remove(member, "silent");
            }
        }

        if (hasSocket || !_isOpen)
        {
            return false;
        }

        // A room that the sweep has emptied goes at once; one that its members left stays a while, and they may come back.
        if ((wasInUse && _members.Count == 0) || now - _lastActivity > (long)_settings.RoomInactivity.TotalMilliseconds)
        {
            Close();
            return true;
        }

        return false;
    }
}
