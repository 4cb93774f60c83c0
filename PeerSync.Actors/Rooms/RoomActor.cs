using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>One room: who is in it, whatever form they speak, and the way of their frames to each other.</summary>
/// <remarks>
/// Knows the forms only by name; how they are written is for the codecs.
/// Exists from the first member or the request that makes it, to the end of its last use. Then it is passivated and everything is forgotten.
/// </remarks>
public sealed partial class RoomActor : UntypedActor, IWithTimers
{
    private readonly RoomsSettings _settings;
    private readonly RoomsCounters _counters;
    private readonly IRoomsAudit _audit;
    private readonly IActorRef _index;
    private readonly OrderedDictionary<string, RoomMember> _members = new(StringComparer.Ordinal);

    private string _roomId = string.Empty;
    private bool _isOpen;
    private bool _endsWhenEmpty;
    private RoomDescription _description = RoomDescription.None;
    private string _hostId = string.Empty;
    private string _hostName = string.Empty;
    private long _createdAt;
    private long _lastActivity;

    /// <param name="settings">The feature's settings.</param>
    /// <param name="counters">What the metrics read.</param>
    /// <param name="audit">Who came and went.</param>
    /// <param name="index">Is told of the room's beginning and end.</param>
    public RoomActor(RoomsSettings settings, RoomsCounters counters, IRoomsAudit audit, IActorRef index)
    {
        _settings = settings;
        _counters = counters;
        _audit = audit;
        _index = index;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private static long Now => Context.System.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MemberFrame frame:
                try
                {
                    OnFrame(frame);
                }
                finally
                {
                    frame.Complete();
                }

                break;
            case EnterRoom enter:
                OnEnter(enter);
                break;
            case LeaveRoom leave:
                OnLeave(leave);
                break;
            case RoomHeartbeat heartbeat when Current(heartbeat.UserId, heartbeat.ConnectionId) is { } member:
                member.LastSeen = _lastActivity = Now;
                break;
            case GraceOver over when _members.TryGetValue(over.UserId, out var member) && member.IsAway:
                Remove(member, "lost");
                break;
            case StopIfIdle when _isOpen:
                Context.Parent.Tell(CancelPassivation.Instance, Self);
                return;
            case StopIfIdle:
                Context.Stop(Self);
                return;
            default:
                OnRequest(message);
                break;
        }

        // A room that was asked for by a wrong or outdated id exists only to answer.
        if (!_isOpen)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_isOpen)
        {
            Close();
        }
    }

    private RoomMember? Current(string userId, ConnectionId connectionId) =>
        _members.TryGetValue(userId, out var member) && member.Connection is not null && member.ConnectionId == connectionId ? member : null;

    private void OnEnter(EnterRoom enter)
    {
        _members.TryGetValue(enter.UserId, out var member);
        if (enter.Entry == RoomEntry.Resume)
        {
            if (member is { IsAway: true, Form: RoomsForm.SyncService })
            {
                Timers.Cancel(enter.UserId);
                Attach(member, enter);
                _audit.Record(Event("resumed", enter.UserId, enter));
                Sender.Tell(new RoomEntered(_roomId, enter.UserId, enter.ConnectionId), Self);
            }

            return;
        }

        if (Refusal(enter, member) is { } error)
        {
            _audit.Record(Event("join-refused", enter.UserId, enter) with { Reason = error.Code });
            Sender.Tell(new RoomRefused(enter.RoomId, error, enter.ConnectionId, Current(enter.UserId, enter.ConnectionId) is not null), Self);
            return;
        }

        var created = !_isOpen;
        if (created)
        {
            Open(enter.RoomId, enter.Description, enter.UserId, enter.Description.HostName ?? enter.UserName ?? enter.UserId);
            _endsWhenEmpty = enter.Form == RoomsForm.Lean;
        }

        var isNew = member?.Connection is null && member is not { IsAway: true };
        if (member is null)
        {
            member = new RoomMember(enter.UserId, Now);
            Add(member);
        }
        else if (member.Connection is not null && member.ConnectionId != enter.ConnectionId)
        {
            // The older socket stays open and deaf: closed, its client would come back at once, and two windows with one name would fight for ever.
            _audit.Record(Event("replaced", enter.UserId, enter));
        }

        Timers.Cancel(enter.UserId);
        Attach(member, enter);
        _lastActivity = Now;
        if (isNew)
        {
            _audit.Record(Event("joined", enter.UserId, enter));
        }

        // First the answer, then the news to the others.
        var answer = MessageBuffer.Rent();
        if (RoomsWriter.Joined(answer, enter.Form, Describe(enter.Form), Show(member), created || enter.Entry == RoomEntry.Create, Now))
        {
            Sender.Tell(answer, Self);
        }
        else
        {
            answer.Release();
        }

        Sender.Tell(new RoomEntered(_roomId, enter.UserId, enter.ConnectionId), Self);

        // The clients of A, B and E connect anew when they hear of somebody again; those of C and D would count twice.
        if (isNew || enter.Form is RoomsForm.Lean or RoomsForm.Collaboration or RoomsForm.Readme)
        {
            Announce(member, RoomPeerEventKind.Joined);
        }
    }

    private RoomsError? Refusal(EnterRoom enter, RoomMember? member)
    {
        if (!_isOpen)
        {
            return enter.Entry == RoomEntry.Join ? RoomsError.JoinFailed
                : _counters.IsOverloaded ? RoomsError.Overloaded
                : _counters.Rooms >= _settings.MaxRooms ? RoomsError.CreateFailed
                : null;
        }

        // Its host may have made it over HTTP, or have lost the socket.
        if (enter.Entry == RoomEntry.Create && !(member is { Connection: null } && IsHost(member)))
        {
            return RoomsError.CreateFailed;
        }

        if (member is null)
        {
            return _counters.IsOverloaded ? RoomsError.Overloaded : _members.Count >= _settings.MaxMembers ? RoomsError.JoinFailed : null;
        }

        // A name that was proven by a token goes to whoever proves it again or sits at the same address, and to nobody else.
        var isTaken = member is { Connection: not null, TokenId: not null } && member.ConnectionId != enter.ConnectionId
            && member.TokenId != enter.TokenId && (enter.TokenId is null || member.AddressTag != enter.AddressTag);
        return isTaken ? RoomsError.NameTaken : null;
    }

    private void Attach(RoomMember member, EnterRoom enter)
    {
        var keepsName = member is { Connection: not null, UserName: not null } && enter.Form == RoomsForm.Readme;
        member.UserName = keepsName ? member.UserName : enter.UserName ?? member.UserName;
        member.Connection = Sender;
        member.ConnectionId = enter.ConnectionId;
        member.AddressTag = enter.AddressTag;
        member.TokenId = enter.TokenId;
        member.Form = enter.Form;
        member.IsAway = false;
        member.LastSeen = Now;
    }

    private void OnLeave(LeaveRoom leave)
    {
        if (Current(leave.UserId, leave.ConnectionId) is not { } member)
        {
            return;
        }

        if (leave.IsLost && member.Form == RoomsForm.SyncService && _settings.ResumeGrace > TimeSpan.Zero)
        {
            member.Connection = null;
            member.IsAway = true;
            Timers.StartSingleTimer(leave.UserId, new GraceOver(leave.UserId), _settings.ResumeGrace);
            return;
        }

        Remove(member, leave.IsLost ? "closed" : "left");
    }

    private void Add(RoomMember member)
    {
        _members.Add(member.UserId, member);
        _counters.MembersChanged(1);
        if (_members.Count == 1)
        {
            _counters.RoomChanged(isActive: true);
        }
    }

    private void Remove(RoomMember member, string reason)
    {
        _members.Remove(member.UserId);
        Timers.Cancel(member.UserId);
        _counters.MembersChanged(-1);
        _lastActivity = Now;
        _audit.Record(new RoomsAuditEvent("left", _roomId, member.UserId)
        {
            Form = member.Form,
            ConnectionId = member.ConnectionId.ToString(),
            AddressTag = member.AddressTag,
            TokenId = member.TokenId,
            Reason = reason,
        });
        if (_members.Count == 0)
        {
            _counters.RoomChanged(isActive: false);
            if (_endsWhenEmpty)
            {
                Close();
            }

            return;
        }

        if (member.UserId == _hostId)
        {
            var heir = _members.GetAt(0).Value;
            _hostId = heir.UserId;
            _hostName = heir.UserName ?? heir.UserId;
        }

        // One that never had a socket was never announced.
        if (member.Form != RoomsForm.Undecided)
        {
            Announce(member, RoomPeerEventKind.Left);
        }
    }

    private void Announce(RoomMember subject, RoomPeerEventKind kind)
    {
        var now = Now;
        using var audience = new RoomAudience((output, form) => kind == RoomPeerEventKind.Joined
            ? RoomsWriter.PeerJoined(output, form, _roomId, subject.UserId, subject.UserName, now)
            : RoomsWriter.PeerLeft(output, form, _roomId, subject.UserId, now));
        RoomPeerEvent? news = null;
        foreach (var (_, member) in _members)
        {
            if (member == subject || !RoomsSignal.Meet(member.Form, subject.Form))
            {
                continue;
            }

            if (member.Form == RoomsForm.Collaboration)
            {
                member.Connection?.Tell(news ??= new RoomPeerEvent(kind, subject.UserId), Self);
            }

            audience.Send(member, Self);
        }
    }

    private void Open(string roomId, RoomDescription description, string hostId, string hostName)
    {
        _isOpen = true;
        _roomId = roomId;
        _description = description;
        _hostId = hostId;
        _hostName = hostName;
        _createdAt = _lastActivity = Now;
        _counters.RoomOpened();
        _index.Tell(new RoomOpened(roomId), Self);
        _audit.Record(new RoomsAuditEvent("room-created", roomId, hostId));
    }

    private void Close()
    {
        _isOpen = false;
        _counters.MembersChanged(-_members.Count);
        _counters.RoomClosed(wasActive: _members.Count > 0);
        _members.Clear();
        _operations.Clear();
        _version = 0;
        Timers.CancelAll();
        _index.Tell(new RoomClosed(_roomId), Self);
        _audit.Record(new RoomsAuditEvent("room-closed", _roomId, null));
    }

    private bool IsHost(RoomMember member) => member.UserId == _hostId;

    private RoomPeer Show(RoomMember member) =>
        new(member.UserId, member.UserName, IsHost(member), member.JoinedAt, member.LastSeen, member.Form);

    // To whom may be shown only whom they can meet; everybody sees members without a socket, who may come with any form.
    private RoomMetadata Describe(RoomsForm viewer)
    {
        var peers = new List<RoomPeer>(_members.Count);
        foreach (var (_, member) in _members)
        {
            if (viewer == RoomsForm.Undecided || RoomsSignal.Meet(viewer, member.Form) || (member.Form == RoomsForm.Undecided && viewer != RoomsForm.Lean))
            {
                peers.Add(Show(member));
            }
        }

        return new RoomMetadata(
            _roomId,
            _description.Name ?? _roomId,
            _hostId,
            _hostName,
            _description.FileId,
            _description.Content,
            _description.Version,
            _members.Count > 0 ? "active" : "idle",
            _createdAt,
            _lastActivity,
            peers);
    }

    private static RoomsAuditEvent Event(string name, string userId, EnterRoom enter) => new(name, enter.RoomId, userId)
    {
        Form = enter.Form,
        ConnectionId = enter.ConnectionId.ToString(),
        AddressTag = enter.AddressTag,
        TokenId = enter.TokenId,
    };

    private sealed record GraceOver(string UserId);
}
