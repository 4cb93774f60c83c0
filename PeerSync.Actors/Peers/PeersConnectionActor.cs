using PeerSync.Actors.Connections;
using PeerSync.Actors.Identity;
using PeerSync.Actors.Sessions;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;

namespace PeerSync.Actors.Peers;

/// <summary>One socket of the Peers feature: logs it in, understands its messages, asks the user's and the sessions' entities, encodes the answers.</summary>
/// <remarks>
/// The contract's life cycle (Peers contract, section 2.1). While a login is being checked, later messages wait, so that a client may send on
/// without waiting for the answer. A fault in one message is answered and ends nothing.
/// </remarks>
public sealed partial class PeersConnectionActor : UntypedActor, IWithStash
{
    private readonly IConnection _connection;
    private readonly PeersServices _services;
    private readonly RecentSessions _recent = new();

    private State _state;
    private VerifiedIdentity? _identity;
    private byte[] _userJson = [];

    /// <param name="connection">The socket.</param>
    /// <param name="services">What the feature's connections share.</param>
    public PeersConnectionActor(IConnection connection, PeersServices services)
    {
        _connection = connection;
        _services = services;
    }

    private enum State
    {
        Connected,
        Verifying,
        Attaching,
        Authenticated,
        Registered,
        Closing,
    }

    /// <inheritdoc />
    public IStash Stash { get; set; } = null!;

    private UserId UserId => _identity!.UserId;

    private bool IsAuthenticated => _state is State.Authenticated or State.Registered;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InboundMessage inbound:
                OnInbound(inbound);
                break;
            case RelayMessage relay:
                relay.SendTo(_connection);
                break;
            case MessageBuffer frame:
                _connection.Send(frame);
                break;
            case PeersError error:
                SendError(error);
                break;
            case ConnectionClosed:
                Leave();
                Context.Stop(Self);
                break;
            case RateLimitExceeded:
                SendError(PeersError.RateLimited);
                break;
            default:
                OnLoginMessage(message);
                break;
        }
    }

    private void OnInbound(InboundMessage message)
    {
        if (_state is State.Verifying or State.Attaching)
        {
            Stash.Stash();
            return;
        }

        var relayed = false;
        try
        {
            relayed = _state != State.Closing && Handle(message.Bytes);
        }
        catch (Exception exception)
        {
            Context.GetLogger().Error(exception, "A message on connection {0} could not be handled.", _connection.Id.Value);
            SendError(PeersError.InternalError);
        }
        finally
        {
            message.Recycle();
            if (!relayed)
            {
                _connection.ReturnCredit();
            }
        }
    }

    /// <returns>Whether the message travels on and takes its credit with it.</returns>
    private bool Handle(ReadOnlySpan<byte> bytes)
    {
        switch (PeersReader.Read(bytes, out var envelope))
        {
            case PeersEnvelopeStatus.InvalidJson:
                SendError(PeersError.InvalidJson);
                return false;
            case PeersEnvelopeStatus.NotAnObject:
                SendError(IsAuthenticated ? PeersError.UnknownEvent(PeersEnvelope.NoName) : PeersError.NotAuthenticated);
                return false;
        }

        if (envelope.Event == PeersEvent.Auth)
        {
            Authenticate(envelope);
            return false;
        }

        if (!IsAuthenticated)
        {
            SendError(PeersError.NotAuthenticated);
            return false;
        }

        return HandleAuthenticated(envelope);
    }

    private bool HandleAuthenticated(PeersEnvelope envelope)
    {
        switch (envelope.Event)
        {
            case PeersEvent.SendMessage when _state == State.Registered:
                return Relay(envelope);
            case PeersEvent.Ping:
                var pong = MessageBuffer.Rent();
                PeersWriter.Pong(pong, _services.Time.GetUtcNow().ToUnixTimeMilliseconds());
                _connection.Send(pong);
                return false;
            case PeersEvent.PeerRegister:
                Register(envelope);
                return false;
            case PeersEvent.Unknown:
                SendError(PeersError.UnknownEvent(envelope.UnknownName));
                return false;
        }

        if (_state != State.Registered)
        {
            SendError(PeersError.NotRegistered);
            return false;
        }

        switch (envelope.Event)
        {
            case PeersEvent.DiscoverPeers:
                var filter = PeersReader.ReadDiscoverPeers(envelope);
                _services.Regions.Peers.Tell(new DiscoverPeers(UserId, _connection.Id, filter), Self);
                break;
            case PeersEvent.ConnectionRequest:
                Ask(envelope);
                break;
            case PeersEvent.ConnectionResponse:
                Answer(envelope);
                break;
            case PeersEvent.ConnectionCancel:
                Cancel(envelope);
                break;
            case PeersEvent.SessionEnd:
                EndSession(envelope);
                break;
            case PeersEvent.SetStatus:
                SetStatus(envelope);
                break;
        }

        return false;
    }

    private void SendError(PeersError error)
    {
        var frame = MessageBuffer.Rent();
        PeersWriter.Error(frame, error);
        _connection.Send(frame);
    }

    private void Close(int code, string reason)
    {
        _state = State.Closing;
        _connection.Close(code, reason);
        Stash.UnstashAll();
    }

    private void Leave()
    {
        if (_identity is not null)
        {
            _services.Regions.Peers.Tell(new DetachConnection(UserId, _connection.Id), Self);
        }
    }
}
