using System.Text;
using PeerSync.Actors.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;

namespace PeerSync.Tests.Sync.Streams;

/// <summary>
/// A device's socket as its entities see it: in the place of <see cref="SyncConnectionActor"/>, it logs in, sends events and remembers what it is told.
/// </summary>
internal sealed class StreamSocket
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StreamWorld _world;
    private readonly Lock _gate = new();
    private readonly List<SentEvent> _sent = [];
    private readonly List<EventAccepted> _accepted = [];
    private readonly List<DeliveredEvent> _delivered = [];
    private readonly List<string> _notices = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal StreamSocket(StreamWorld world, UserId identity, DeviceId deviceId)
    {
        _world = world;
        UserId = identity;
        DeviceId = deviceId;
        Id = new ConnectionId(Guid.NewGuid().ToString());
        Ref = world.System.ActorOf(Props.Create(() => new Receiver(this)));
    }

    public UserId UserId { get; private set; }

    public DeviceId DeviceId { get; }

    public ConnectionId Id { get; }

    public IActorRef Ref { get; }

    /// <summary>The session, once granted.</summary>
    public SessionGranted? Granted { get; private set; }

    /// <summary>Why the login was refused or the socket told to end; null while neither.</summary>
    public SyncClose? End { get; private set; }

    /// <summary>How an attempt to join has ended.</summary>
    public PairingEnded? Paired { get; private set; }

    /// <summary>The user's actor, once it has answered.</summary>
    public IActorRef? User { get; private set; }

    /// <summary>Whether the test has detached it.</summary>
    public bool IsDetached { get; private set; }

    public bool IsLive => Granted is not null && End is null && !IsDetached;

    public IReadOnlyList<SentEvent> Sent => _sent;

    public IReadOnlyList<EventAccepted> Accepted => Copy(_accepted);

    public IReadOnlyList<long> Acks => [.. Accepted.Select(static accepted => accepted.DeviceSeq)];

    public IReadOnlyList<DeliveredEvent> Delivered => Copy(_delivered);

    public IReadOnlyList<string> Notices => Copy(_notices);

    public void LogIn() => _world.Regions.Devices.Tell(new LogInDevice(DeviceId, UserId, Id, null, null), Ref);

    public void Detach()
    {
        IsDetached = true;
        _world.Regions.Devices.Tell(new DetachDevice(DeviceId, Id), Ref);
    }

    public void Pair(string code) => _world.Regions.Devices.Tell(new CompletePairing(DeviceId, Id, code), Ref);

    public void Send(long deviceSeq, Guid? eventId = null, string stream = "clipboard:main", string type = "clipboard:text") =>
        Send(new SentEvent(eventId ?? Guid.CreateVersion7(), deviceSeq, stream, IsSkipped: false), type);

    public void Send(SentEvent sent, string type = "clipboard:text")
    {
        _sent.Add(sent);
        if (sent.IsSkipped)
        {
            _world.Regions.Users.Tell(new SkipEvent(UserId, DeviceId, Id, sent.DeviceSeq), Ref);
            return;
        }

        var ids = $"\"event_id\":\"{sent.EventId}\",\"user_id\":\"\",\"device_id\":\"{DeviceId}\",\"device_seq\":{sent.DeviceSeq}";
        var content = $"\"stream_id\":\"{sent.StreamId}\",\"type\":\"{type}\",\"encrypted_payload\":\"aGVsbG8=\"";
        var message = MessageBuffer.Copy(Encoding.UTF8.GetBytes($"{{\"type\":\"event\",\"payload\":{{{ids},{content}}}}}"));
        Assert.Equal(SyncEnvelopeStatus.Ok, SyncReader.Read(message.Span, out var envelope));
        Assert.Equal(SyncEventStatus.Ok, SyncReader.ReadEvent(envelope, UserId.Value, DeviceId, 0, out var view));
        _world.Regions.Users.Tell(
            new AppendEvent(
                UserId,
                DeviceId,
                Id,
                view.EventId,
                view.DeviceSeq,
                view.StreamId,
                view.EventType,
                view.Ttl,
                view.PayloadSize,
                message,
                view.RawOffset,
                view.RawObject.Length,
                view.Splice),
            Ref);
    }

    public Task GrantedAsync() => UntilAsync(() => Granted is not null || End is not null, "the session or its refusal");

    public Task EndedAsync() => UntilAsync(() => End is not null, "the end of the socket");

    public Task AckedAsync(params long[] deviceSeqs) => UntilAsync(
        () => _accepted.Count >= deviceSeqs.Length,
        $"{deviceSeqs.Length} acknowledgements",
        () => Assert.Equal(deviceSeqs, _accepted.Select(static accepted => accepted.DeviceSeq)));

    /// <summary>Waits until all that was sent is answered, or the socket has ended.</summary>
    public Task AnsweredAsync() => UntilAsync(() => End is not null || _accepted.Count == _sent.Count, "all answers");

    public Task DeliveredAsync(int count) => UntilAsync(() => _delivered.Count >= count, $"{count} events", () => Assert.Equal(count, _delivered.Count));

    public Task NoticedAsync(string text) =>
        UntilAsync(() => _notices.Exists(notice => notice.Contains(text, StringComparison.Ordinal)), $"a message with {text}");

    /// <summary>Waits for something that messages bring about.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, Action? assertion = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (condition())
                {
                    assertion?.Invoke();
                    return;
                }

                changed = _changed.Task;
            }

            var left = Patience - TimeProvider.System.GetElapsedTime(start);
            try
            {
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}.");
            }
        }
    }

    private T[] Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }

    private void Receive(object message, IActorRef sender)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Take(message, sender);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private void Take(object message, IActorRef sender)
    {
        // A socket that was told to end takes nothing more.
        var isOpen = End is null;
        switch (message)
        {
            case SessionGranted granted:
                Granted = granted;
                UserId = new UserId(granted.Device.UserId);
                break;
            case DeviceRefused refused:
                End = refused.Close;
                break;
            case PairingEnded ended:
                Paired = ended;
                UserId = ended.Granted is null ? UserId : ended.LinkedUser;
                break;
            case EventAccepted accepted when isOpen:
                _accepted.Add(accepted);
                User = sender;
                break;
            case EventRefused:
                End ??= SyncClose.ProcessingFailed;
                Detach();
                break;
            case DeliverEvent deliver:
                if (isOpen)
                {
                    _delivered.Add(new DeliveredEvent(deliver.SequenceNr, Encoding.UTF8.GetString(deliver.Frame.Span)));
                }

                deliver.Frame.Release();
                break;
            case MessageBuffer notice:
                _notices.Add(Encoding.UTF8.GetString(notice.Span));
                notice.Release();
                break;
            case EndSocket end:
                End ??= end.Close;
                if (end.Notice is { } last)
                {
                    _notices.Add(Encoding.UTF8.GetString(last.Span));
                    last.Release();
                }

                break;
        }
    }

    /// <summary>What was sent.</summary>
    internal sealed record SentEvent(Guid EventId, long DeviceSeq, string StreamId, bool IsSkipped);

    /// <summary>What came of another device.</summary>
    internal sealed record DeliveredEvent(long SequenceNr, string Text);

    private sealed class Receiver(StreamSocket socket) : UntypedActor
    {
        protected override void OnReceive(object message) => socket.Receive(message, Sender);
    }
}
