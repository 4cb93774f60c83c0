using PeerSync.Actors.Connections;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>One socket of the Rooms feature: finds out which form it speaks, binds it to one user and one room, and passes its frames on.</summary>
/// <remarks>
/// User and room of every later frame are those that the socket was bound to, whatever the frame says (Rooms contract, section 15, flaws 3 to 7). What a
/// client sends before its room has answered goes to the room in order behind the request to enter.
/// </remarks>
public sealed partial class RoomsConnectionActor : UntypedActor
{
    private readonly IConnection _connection;
    private readonly RoomsServices _services;

    private RoomsForm _form;
    private Binding? _binding;
    private bool _isEntered;
    private bool _isClosing;
    private CollaborationRouting? _routing;
    private RecentNames? _targets;

    /// <param name="connection">The socket.</param>
    /// <param name="services">What the feature's connections share.</param>
    public RoomsConnectionActor(IConnection connection, RoomsServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _connection = connection;
        _services = services;
        services.Counters.Connected(RoomsForm.Undecided);
    }

    // Most sockets never signal.
    private RecentNames Targets => _targets ??= new RecentNames();

    private long Now => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InboundMessage inbound:
                OnInbound(inbound);
                break;
            case MessageBuffer frame:
                _connection.Send(frame);
                break;
            case RoomPeerEvent news:
                OnPeerEvent(news);
                break;
            case RoomEntered entered:
                _connection.Authenticated(new UserId(entered.UserId));
                break;
            case RoomRefused refused:
                OnRefused(refused);
                break;
            case RateLimitExceeded:
                SendError(RoomsError.RateLimited);
                break;
            case AuthenticationTimedOut when _binding is null:
                Close(RoomsClose.Timeout);
                break;
            case TokenWasRevoked:
                _isEntered = false;
                SendError(RoomsError.InvalidToken);
                Close(RoomsClose.TokenRevoked);
                break;
            case ConnectionClosed:
                Leave(isLost: true);
                Context.Stop(Self);
                break;
        }
    }

    /// <inheritdoc />
    protected override void PostStop() => _services.Counters.Disconnected(_form);

    private void OnInbound(InboundMessage message)
    {
        var travelsOn = false;
        try
        {
            travelsOn = !_isClosing && Handle(message.Bytes);
        }
        catch (Exception exception)
        {
            Context.GetLogger().Error(exception, "A message on connection {0} could not be handled.", _connection.Id.Value);
            SendError(RoomsError.Internal);
        }
        finally
        {
            message.Recycle();
            if (!travelsOn)
            {
                _connection.ReturnCredit();
            }
        }
    }

    /// <returns>Whether the frame travels on and takes its credit with it.</returns>
    private bool Handle(ReadOnlySpan<byte> bytes)
    {
        var status = RoomsReader.Read(bytes, out var frame);
        if (_form == RoomsForm.Undecided && status == RoomsFrameStatus.Ok && RoomsReader.Decide(frame) is var decided and not RoomsForm.Undecided)
        {
            Decide(decided);
        }

        _services.Counters.FrameReceived(_form, frame.Type);
        if (status == RoomsFrameStatus.Invalid)
        {
            SendError(RoomsError.InvalidFormat);
            return false;
        }

        if (_form == RoomsForm.Undecided)
        {
            RefuseUndecided(status, frame.For(RoomsForm.Readme));
            return false;
        }

        if (status == RoomsFrameStatus.NotAnObject)
        {
            // The other forms' clients show every error, and their server said nothing.
            if (_form == RoomsForm.Lean)
            {
                SendError(RoomsError.MissingRoomOrFrom);
            }

            return false;
        }

        return HandleOf(frame.For(_form));
    }

    private void Decide(RoomsForm form)
    {
        _services.Counters.Disconnected(_form);
        _services.Counters.Connected(form);
        _form = form;
        _services.Audit.Record(new RoomsAuditEvent("connect", null, null)
        {
            Form = form,
            ConnectionId = _connection.Id.ToString(),
            AddressTag = _connection.AddressTag,
        });
    }

    private void RefuseUndecided(RoomsFrameStatus status, scoped in RoomsFrame frame)
    {
        switch (frame.Type)
        {
            case RoomsFrameType.None:
                SendError(RoomsError.MissingRoomOrFrom);
                break;
            case RoomsFrameType.Auth when status == RoomsFrameStatus.Ok:
                SendError(RoomsError.MissingUserOrRoom);
                break;
            case RoomsFrameType.CreateRoom or RoomsFrameType.JoinRoom or RoomsFrameType.LeaveRoom or RoomsFrameType.Heartbeat
                or RoomsFrameType.Offer or RoomsFrameType.Answer or RoomsFrameType.Candidate:
                SendError(RoomsError.NotAuthenticated);
                break;
        }
    }

    private bool HandleOf(scoped in RoomsFrame frame) => _form switch
    {
        RoomsForm.Lean => HandleLean(frame),
        RoomsForm.Collaboration => HandleCollaboration(frame),
        RoomsForm.SyncService => HandleSyncService(frame),
        RoomsForm.Workbench => HandleWorkbench(frame),
        _ => HandleReadme(frame),
    };

    /// <summary>Binds the socket to a user and a room; what it was bound to before is left first.</summary>
    private void Bind(string userId, string roomId, string? tokenId)
    {
        if (_binding is { } earlier && (earlier.UserId != userId || earlier.RoomId != roomId))
        {
            Leave(isLost: false);
        }

        _binding = new Binding(userId, roomId, tokenId);
    }

    private void Enter(RoomEntry entry, string? userName, RoomDescription description)
    {
        var binding = _binding!;
        if (binding.TokenId is { } tokenId && _services.Revoked.IsRevoked(tokenId))
        {
            SendError(Refused(RoomsError.InvalidToken, binding.UserId, binding.RoomId, tokenId));
            return;
        }

        _isEntered = true;
        _services.Regions.Rooms.Tell(
            new EnterRoom(
                binding.RoomId, binding.UserId, userName, _form, _connection.Id, _connection.AddressTag, binding.TokenId, entry, description),
            Self);
    }

    private void Leave(bool isLost)
    {
        if (_isEntered && _binding is { } binding)
        {
            _isEntered = false;
            _services.Regions.Rooms.Tell(new LeaveRoom(binding.RoomId, binding.UserId, _connection.Id, isLost), Self);
        }
    }

    private void Close(RoomsClose close)
    {
        _isClosing = true;
        _connection.Close(close.Code, close.Reason);
    }

    private void OnRefused(RoomRefused refused)
    {
        if (_binding?.RoomId == refused.RoomId)
        {
            _isEntered = refused.IsMember;
        }

        SendError(refused.Error);
    }

    private void OnPeerEvent(RoomPeerEvent news)
    {
        var routing = _routing ??= new CollaborationRouting();
        switch (news.Kind)
        {
            case RoomPeerEventKind.Joined:
                routing.PeerJoined(news.UserId);
                break;
            case RoomPeerEventKind.Left:
                routing.PeerLeft(news.UserId);
                break;
            default:
                routing.OfferDelivered(news.UserId);
                break;
        }
    }

    /// <summary>Passes a signal on.</summary>
    /// <returns>True: it takes its credit with it.</returns>
    private bool Signal(scoped in RoomsFrame frame, string? to)
    {
        var binding = _binding!;
        var body = MessageBuffer.Rent(frame.Text.Length + 256);
        RoomsSignal.Write(body, _form, frame, binding.RoomId, binding.UserId, to, Now);
        return Pass(frame.Type, to, body);
    }

    /// <summary>Passes a frame on that is not changed but for its identity, if the sender's form has it.</summary>
    private bool Relay(scoped in RoomsFrame frame)
    {
        if (!RoomsRelay.Knows(_form, frame.Type))
        {
            return false;
        }

        var binding = _binding!;
        var body = MessageBuffer.Rent(frame.Text.Length + 256);
        RoomsRelay.Write(body, _form, frame, binding.RoomId, binding.UserId);
        return Pass(frame.Type, to: null, body);
    }

    private bool Pass(RoomsFrameType type, string? to, MessageBuffer body)
    {
        var binding = _binding!;
        _services.Regions.Rooms.Tell(
            MemberFrame.Rent(binding.RoomId, binding.UserId, _connection.Id, _form, type, to, body, _connection), Self);
        return true;
    }

    /// <summary>Verifies a token against the names that came with it, in the original's order.</summary>
    private RoomsError? Verify(string? token, string userId, string roomId, out string? tokenId)
    {
        tokenId = null;
        if (token is null)
        {
            return Refused(RoomsError.MissingToken, userId, roomId, tokenId: null);
        }

        var status = _services.Tokens.Verify(token, out var claims);
        var error = status == RoomsTokenStatus.Invalid || _services.Revoked.IsRevoked(claims!.TokenId) ? RoomsError.InvalidToken
            : status == RoomsTokenStatus.Expired ? RoomsError.TokenExpired
            : claims.UserId != userId ? RoomsError.UserMismatch
            : claims.RoomId != roomId ? RoomsError.NotAuthorizedForRoom
            : null;
        if (error is not null)
        {
            return Refused(error, userId, roomId, claims?.TokenId);
        }

        tokenId = claims!.TokenId;
        _services.Audit.Record(Event("auth-ok", userId, roomId, tokenId));
        return null;
    }

    /// <summary>For the forms that have no token: whether they may enter, and with which token if they bring one.</summary>
    private RoomsError? VerifyOptional(string? token, string userId, string roomId, out string? tokenId)
    {
        if (token is { Length: > 0 } || !_services.Settings.AllowsTokenless)
        {
            return Verify(token is { Length: > 0 } ? token : null, userId, roomId, out tokenId);
        }

        tokenId = null;
        return null;
    }

    private RoomsError Refused(RoomsError error, string userId, string roomId, string? tokenId)
    {
        _services.Counters.AuthenticationRefused();
        _services.Audit.Record(Event("auth-refused", userId, roomId, tokenId) with { Reason = error.Code });
        return error;
    }

    private RoomsAuditEvent Event(string name, string userId, string roomId, string? tokenId) => new(name, roomId, userId)
    {
        Form = _form,
        ConnectionId = _connection.Id.ToString(),
        AddressTag = _connection.AddressTag,
        TokenId = tokenId,
    };

    private void SendError(RoomsError error)
    {
        _services.Counters.ErrorSent(error);
        var frame = MessageBuffer.Rent();
        RoomsWriter.Error(frame, error, Now);
        _connection.Send(frame);
    }

    private sealed record Binding(string UserId, string RoomId, string? TokenId);
}
