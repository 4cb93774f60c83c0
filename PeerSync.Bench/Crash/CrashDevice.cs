using System.Net.WebSockets;
using System.Text.Json;

namespace PeerSync.Bench.Crash;

/// <summary>
/// A device that behaves as the web client does (PocketBridge contract, sections 3.3 and 4): it keeps what is not acknowledged, takes the number that a login
/// tells for an acknowledgement of all up to it, sends the rest again in order, and acknowledges whatever it receives.
/// </summary>
internal sealed class CrashDevice(CrashUser user, Guid id, bool isSender, CrashOptions options, CrashTally tally, Random random)
{
    // The web client waits 3 to 30 s; the shorter, the more of a crash is seen.
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LoginPatience = TimeSpan.FromSeconds(40);

    // The web client sends all that it has received back at its next login; a few are enough to see that this does no harm.
    private const int KeptForeign = 8;

    private readonly Lock _gate = new();
    private readonly List<SentEvent> _pending = [];
    private readonly HashSet<Guid> _received = [];
    private readonly Queue<SentEvent> _foreign = new();
    private long _deviceSeq;
    private long _acknowledged;
    private int _sent;
    private volatile bool _isSending = true;
    private volatile CrashSession? _session;

    public CrashUser User => user;

    public Guid Id => id;

    public bool IsConnected => _session is not null;

    /// <summary>Whether everything that it has sent is acknowledged.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count == 0;
            }
        }
    }

    /// <summary>How many events of the user's other devices it has not received.</summary>
    public int Missing
    {
        get
        {
            lock (_gate)
            {
                return user.Sent.Count - _sent - _received.Count;
            }
        }
    }

    /// <summary>Sends nothing new from now on.</summary>
    public void StopSending() => _isSending = false;

    /// <summary>Lives until the token is cancelled, over as many sockets as it takes.</summary>
    public async Task RunAsync(Uri address, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(address, cancellationToken);
            }
            catch (SyncSocketClosedException closed) when (closed.Code is { } code)
            {
                tally.CountClose(code);
            }
            catch (Exception exception) when (exception is WebSocketException or SyncSocketClosedException or OperationCanceledException)
            {
                // The server is away, which is what this is about.
            }
            catch (Exception exception)
            {
                tally.Fault($"Device {id}: {exception}");
            }

            await Task.Delay(ReconnectDelay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return $"device {id} ({(IsConnected ? "connected" : "not connected")}): {_pending.Count} events not acknowledged, {Missing} not received";
        }
    }

    /// <summary>Makes the next event, unless as many as allowed wait for their acknowledgement.</summary>
    public bool TrySendNext(CrashSession session)
    {
        lock (_gate)
        {
            if (!isSender || !_isSending || _pending.Count >= options.Window)
            {
                return false;
            }

            var sent = new SentEvent(Guid.CreateVersion7(), user, id, ++_deviceSeq, random.Next(SentEvent.StreamCount), random.Next());
            _sent++;
            user.Add(sent);
            _pending.Add(sent);
            session.SendOwn(sent);
            return true;
        }
    }

    /// <summary>The server has acknowledged an event, and so everything before it.</summary>
    public void Acknowledge(long deviceSeq)
    {
        lock (_gate)
        {
            AcknowledgeTo(deviceSeq, atLogin: false);
        }
    }

    /// <summary>The server tells an event.</summary>
    public void Receive(JsonElement told, CrashSession session)
    {
        if (user.Recognize(told, tally) is not { } sent)
        {
            return;
        }

        if (sent.DeviceId != id)
        {
            lock (_gate)
            {
                tally.CountReceived(_received.Add(sent.EventId));
                _foreign.Enqueue(sent);
                if (_foreign.Count > KeptForeign)
                {
                    _foreign.Dequeue();
                }
            }
        }

        session.Confirm(sent);
    }

    private async Task ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LoginPatience);
        using var socket = await SyncSocket.LogInAsync(address, user, id, patience.Token);
        var session = new CrashSession(socket, this, options, tally, random);
        Resume(socket.LastAckDeviceSeq, session);
        _session = session;
        try
        {
            await session.RunAsync(cancellationToken);
        }
        finally
        {
            _session = null;
        }
    }

    private void Resume(long lastAckDeviceSeq, CrashSession session)
    {
        lock (_gate)
        {
            if (lastAckDeviceSeq < _acknowledged)
            {
                tally.Fault($"Device {id} was told {lastAckDeviceSeq} at login after event {_acknowledged} was acknowledged.");
            }
            else if (lastAckDeviceSeq > _deviceSeq)
            {
                tally.Fault($"Device {id} was told {lastAckDeviceSeq} at login and has sent none after {_deviceSeq}.");
            }

            AcknowledgeTo(lastAckDeviceSeq, atLogin: true);
            _deviceSeq = Math.Max(_deviceSeq, lastAckDeviceSeq + 1);
            if (lastAckDeviceSeq > 0)
            {
                session.AskForReplay(token: null);
            }

            foreach (var foreign in _foreign.Where(foreign => foreign.DeviceSeq > lastAckDeviceSeq))
            {
                session.SendForeign(foreign);
            }

            _pending.ForEach(session.SendOwn);
            tally.CountResent(_pending.Count);
        }
    }

    private void AcknowledgeTo(long deviceSeq, bool atLogin)
    {
        var count = _pending.FindIndex(sent => sent.DeviceSeq > deviceSeq);
        count = count < 0 ? _pending.Count : count;
        _pending.Take(count).ToList().ForEach(static sent => sent.IsAcknowledged = true);
        _pending.RemoveRange(0, count);
        _acknowledged = Math.Max(_acknowledged, deviceSeq);
        tally.CountAcknowledged(count, atLogin);
    }
}
