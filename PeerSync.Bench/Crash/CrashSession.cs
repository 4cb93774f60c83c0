using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace PeerSync.Bench.Crash;

/// <summary>A device's time on one socket, and what has to be true of it: acknowledgements in the order of sending, and every event once.</summary>
internal sealed class CrashSession(SyncSocket socket, CrashDevice device, CrashOptions options, CrashTally tally, Random random)
{
    // The web client waits 100 ms.
    private static readonly TimeSpan NextPageDelay = TimeSpan.FromMilliseconds(10);

    // A server that has not heard a request by then pushes a page; the request then gets the same once more.
    private static readonly TimeSpan ReplayPatience = TimeSpan.FromMilliseconds(500);

    private const int LongestBurst = 16;
    private const int PageSize = 100;

    private readonly Channel<string> _outbox = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<long> _unacknowledged = new();
    private readonly HashSet<Guid> _received = [];
    private readonly HashSet<Guid> _inPages = [];
    private readonly Dictionary<string, long> _lastLive = [];
    private bool _hasPage;
    private bool _mayRepeatPages;

    /// <summary>Lives until the socket ends or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [WriteAsync(ending.Token), ReadAsync(ending.Token), SendAsync(ending.Token)];
        var first = await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>Sends an event of the device; callers keep the order.</summary>
    public void SendOwn(SentEvent sent)
    {
        lock (_unacknowledged)
        {
            _unacknowledged.Enqueue(sent.DeviceSeq);
        }

        SendForeign(sent);
    }

    /// <summary>Sends an event that is not the device's, which the server must pass over.</summary>
    public void SendForeign(SentEvent sent) => Post(SyncMessage.Event(sent));

    public void Confirm(SentEvent received) => Post(SyncMessage.Ack(received.DeviceSeq));

    /// <summary>Asks for what was missed, or with a token for the next page of it.</summary>
    public void AskForReplay(string? token) => Post(SyncMessage.ReplayRequest(PageSize, token));

    private void Post(string message) => _outbox.Writer.TryWrite(message);

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in _outbox.Reader.ReadAllAsync(cancellationToken))
        {
            await socket.SendAsync(message, cancellationToken);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var burst = random.Next(1, LongestBurst + 1);
            for (var left = burst; left > 0 && device.TrySendNext(this); left--)
            {
            }

            await Task.Delay(TimeSpan.FromSeconds(burst * (0.5 + random.NextDouble()) / options.Rate), cancellationToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var message = await socket.ReceiveAsync(cancellationToken);
            if (message is null)
            {
                tally.CountClose(socket.CloseCode ?? 0);
                return;
            }

            var type = message.RootElement.GetProperty("type").GetString();
            var payload = message.RootElement.GetProperty("payload");
            switch (type)
            {
                case "ack":
                    OnAck(payload.GetProperty("device_seq").GetInt64());
                    break;
                case "event":
                    OnLive(payload);
                    break;
                case "replay_response":
                    await OnPageAsync(payload, cancellationToken);
                    break;
            }
        }
    }

    private void OnAck(long deviceSeq)
    {
        long expected;
        lock (_unacknowledged)
        {
            _unacknowledged.TryDequeue(out expected);
        }

        if (deviceSeq != expected)
        {
            tally.Fault($"Device {device.Id} got an acknowledgement of event {deviceSeq} where that of {expected} (0: none) was due.");
        }

        device.Acknowledge(deviceSeq);
    }

    private void OnLive(JsonElement told)
    {
        var stream = told.GetProperty("stream_id").GetString()!;
        var streamSeq = told.GetProperty("stream_seq").GetInt64();
        if (streamSeq <= _lastLive.GetValueOrDefault(stream))
        {
            tally.Fault($"Device {device.Id} was told event {streamSeq} of {stream} after event {_lastLive[stream]}.");
        }

        _lastLive[stream] = streamSeq;
        if (!OnEvent(told))
        {
            tally.Fault($"Device {device.Id} was told event {told.GetProperty("event_id").GetString()} twice on one socket.");
        }
    }

    private async Task OnPageAsync(JsonElement page, CancellationToken cancellationToken)
    {
        if (!_hasPage)
        {
            _hasPage = true;
            _mayRepeatPages = socket.LastAckDeviceSeq > 0 && Stopwatch.GetElapsedTime(socket.LogInSent) >= ReplayPatience;
        }

        foreach (var told in page.GetProperty("events").EnumerateArray())
        {
            // A page may repeat what was told as it happened, where the request crossed it on its way; pages do not repeat each other.
            OnEvent(told);
            if (!_inPages.Add(told.GetProperty("event_id").GetGuid()) && !_mayRepeatPages)
            {
                tally.Fault($"Device {device.Id} got event {told.GetProperty("event_id").GetString()} in two pages of one socket.");
            }
        }

        if (page.GetProperty("has_more").GetBoolean())
        {
            await Task.Delay(NextPageDelay, cancellationToken);
            AskForReplay(page.GetProperty("continuation_token").GetString());
        }
    }

    /// <returns>Whether this socket had not received it yet.</returns>
    private bool OnEvent(JsonElement told)
    {
        device.Receive(told, this);
        return _received.Add(told.GetProperty("event_id").GetGuid());
    }
}
