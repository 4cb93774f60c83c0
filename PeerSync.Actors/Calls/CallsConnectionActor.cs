using System.Text;
using PeerSync.Actors.SocketIO;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;

namespace PeerSync.Actors.Calls;

/// <summary>One socket of the namespace: finds out whose it is, and passes its client's events on to that device, one after another.</summary>
/// <remarks>
/// The client is let in at once and may send; its events are kept until its device has taken the socket. One that proves nothing is disconnected, as the
/// original does it (Calls contract, section 4.4).
/// </remarks>
public sealed class CallsConnectionActor : UntypedActor, IWithTimers
{
    /// <summary>The namespace.</summary>
    public const string Namespace = "/signaling";

    // How many times a device that cannot be read is tried again.
    private const int MaxTries = 5;

    // A client that goes on sending far too much is cut.
    private const int MaxRefused = 500;

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private static readonly (byte[] Name, CallsClientEvent Event)[] Events =
    [
        .. Enum.GetValues<CallsClientEvent>()
            .Where(static known => known != CallsClientEvent.Unknown)
            .Select(static known => (Encoding.ASCII.GetBytes(CallsEventNames.Of(known)), known)),
    ];

    private readonly ISocketIOSocket _socket;
    private readonly CallsServices _services;

    private string? _deviceId;
    private bool _isAttached;
    private int _tries;
    private double _budget;
    private long _budgetAt;
    private int _refused;

    /// <param name="socket">The socket.</param>
    /// <param name="services">What the feature's sockets share.</param>
    public CallsConnectionActor(ISocketIOSocket socket, CallsServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _socket = socket;
        _services = services;
        _budget = services.Settings.EventBurst;
        _budgetAt = services.Time.GetTimestamp();
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private ConnectionId Id => _socket.ConnectionId;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MessageBuffer packet:
                _socket.Send(packet);
                break;
            case SocketIOEvent sent:
                OnEvent(sent);
                break;
            case SocketIOInbound other:
                other.Complete();
                break;
            case SocketIOConnecting connecting:
                OnConnecting(connecting);
                break;
            case SocketAttached when _deviceId is not null:
                OnAttached();
                break;
            case SocketCut { MayComeBack: true } when !_isAttached && ++_tries < MaxTries:
                Timers.StartSingleTimer(nameof(TryAgain), TryAgain.Instance, TryAgainAfter);
                break;
            case SocketCut cut:
                _socket.Disconnect(closeSession: cut.MayComeBack);
                break;
            case TryAgain:
                Attach();
                break;
            case SocketIODisconnected ended:
                OnDisconnected(ended.Reason);
                break;
        }
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // Whose it was is lost.
        (message as SocketIOInbound)?.Complete();
        _socket.Disconnect(closeSession: true);
        Detach(isLost: true);
        base.PreRestart(reason, message);
    }

    private void OnConnecting(SocketIOConnecting connecting)
    {
        _socket.Accept();
        var token = CallsReader.ReadToken(connecting.Auth.Span) ?? CallsReader.ReadBearer(_socket.Handshake.Authorization);
        if (token is null || _services.Tokens.Verify(token, out var claims) != CallsTokenStatus.Valid)
        {
            _socket.Disconnect();
            return;
        }

        _deviceId = claims!.DeviceId;
        Attach();
    }

    private void Attach() => _services.Entities.Devices.Tell(new AttachSocket(_deviceId!, Id), Self);

    private void OnAttached()
    {
        _isAttached = true;
        _services.Counters.ConnectionOpened();
        _socket.Authenticated(new UserId(_deviceId!));
        _socket.Send(CallsPackets.Connected(_deviceId!, _services.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        _socket.Start();
    }

    private void OnDisconnected(SocketIODisconnectReason reason)
    {
        Detach(reason is SocketIODisconnectReason.TransportClosed or SocketIODisconnectReason.TransportFailed
            or SocketIODisconnectReason.PingTimeout or SocketIODisconnectReason.SlowConsumer or SocketIODisconnectReason.ServerClosed);
        Context.Stop(Self);
    }

    private void Detach(bool isLost)
    {
        if (_deviceId is not null)
        {
            // Also where the device has not answered yet: then this finds the socket that it is about to take.
            _services.Entities.Devices.Tell(new DetachSocket(_deviceId, Id, isLost), Self);
        }

        if (_isAttached)
        {
            _isAttached = false;
            _services.Counters.ConnectionClosed();
        }
    }

    private void OnEvent(SocketIOEvent sent)
    {
        try
        {
            // After a restart nobody knows whose it was, and its end is on the way.
            if (_isAttached && TryTake())
            {
                Handle(sent);
            }
        }
        finally
        {
            sent.Complete();
        }
    }

    private bool TryTake()
    {
        var settings = _services.Settings;
        if (settings.EventsPerSecond == 0)
        {
            return true;
        }

        var now = _services.Time.GetTimestamp();
        _budget = Math.Min(settings.EventBurst, _budget + (_services.Time.GetElapsedTime(_budgetAt, now).TotalSeconds * settings.EventsPerSecond));
        _budgetAt = now;
        if (_budget >= 1)
        {
            _budget--;
            _refused = _budget >= settings.EventBurst - 1 ? 0 : _refused;
            return true;
        }

        _services.Counters.RateLimitHits.Increment("events");

        // One answer for each second's worth is enough to tell.
        if (_refused++ % settings.EventsPerSecond == 0)
        {
            Tell(new RefuseEvent(_deviceId!, Id, null, CallsError.TooManyEvents));
        }

        if (_refused == MaxRefused)
        {
            _socket.Disconnect();
        }

        return false;
    }

    private void Handle(SocketIOEvent sent)
    {
        var kind = Find(sent);
        if (kind == CallsClientEvent.Unknown)
        {
            return;
        }

        _services.Counters.Events.Increment(CallsEventNames.Of(kind));
        var device = _deviceId!;
        var ack = sent.AckId;
        var argument = sent.FirstArgument;
        CallsError? error = null;
        ICallsSocketMessage? request = kind switch
        {
            CallsClientEvent.LeaveQueue => new StopSeeking(device, Id, ack),
            CallsClientEvent.JoinQueue => CallsReader.TryReadJoinQueue(argument, out var join, out error) ? new SeekPartner(device, Id, ack, join) : null,
            CallsClientEvent.SendMessage => CallsReader.TryReadMessage(argument, out var message, out error)
                ? new SendToPeer(device, Id, ack, message.SessionId, new CallContent(kind, Message: message)) : null,
            CallsClientEvent.SendReaction => CallsReader.TryReadReaction(argument, out var reaction, out error)
                ? new SendToPeer(device, Id, ack, reaction.SessionId, new CallContent(kind, Reaction: reaction)) : null,
            CallsClientEvent.EndCall => CallsReader.TryReadEndCall(argument, out var end, out error)
                ? new HangUp(device, Id, ack, end.SessionId, end.WasSkipped) : null,
            CallsClientEvent.GetMatchDetails => CallsReader.TryReadMatchDetails(argument, out var session, out error)
                ? new DescribeMatch(device, Id, ack, session) : null,
            CallsClientEvent.ConnectionStatus => CallsReader.TryReadConnectionStatus(argument, out var status, out error)
                ? new TellConnection(device, Id, ack, status) : null,
            _ => CallsReader.TryReadSignal(argument, kind, out var signal, out error)
                ? new SendToPeer(device, Id, ack, signal.SessionId, new CallContent(kind, MessageBuffer.Copy(argument[signal.Data]))) : null,
        };
        Tell(request ?? new RefuseEvent(device, Id, ack, error!));
    }

    private void Tell(ICallsSocketMessage message) => _services.Entities.Devices.Tell(message, Self);

    private static CallsClientEvent Find(SocketIOEvent sent)
    {
        foreach (var (name, known) in Events)
        {
            if (sent.IsNamed(name))
            {
                return known;
            }
        }

        return CallsClientEvent.Unknown;
    }

    private sealed class TryAgain
    {
        internal static TryAgain Instance { get; } = new();
    }
}
