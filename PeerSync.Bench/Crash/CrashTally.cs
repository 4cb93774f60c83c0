using System.Collections.Concurrent;

namespace PeerSync.Bench.Crash;

/// <summary>What has happened in a run, and what should not have.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CrashTally
{
    // One fault tells nearly as much as a thousand of its kind.
    private const int MaxFaults = 50;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<int, int> _closes = new();
    private long _acknowledged;
    private long _acknowledgedAtLogin;
    private long _resent;
    private long _received;
    private long _repeated;

    /// <summary>Events that were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Those of them whose acknowledgement was lost in a crash and told at the next login.</summary>
    public long AcknowledgedAtLogin => Interlocked.Read(ref _acknowledgedAtLogin);

    /// <summary>Events that were sent again after a new login.</summary>
    public long Resent => Interlocked.Read(ref _resent);

    /// <summary>Events of other devices that were received for the first time.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Events of other devices that were received again, on another socket.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>How often the server closed a socket, by the code.</summary>
    public IReadOnlyDictionary<int, int> Closes => _closes;

    /// <summary>What must not happen and did.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public void CountAcknowledged(int count, bool atLogin)
    {
        Interlocked.Add(ref _acknowledged, count);
        if (atLogin)
        {
            Interlocked.Add(ref _acknowledgedAtLogin, count);
        }
    }

    public void CountResent(int count) => Interlocked.Add(ref _resent, count);

    public void CountReceived(bool isNew) => Interlocked.Increment(ref isNew ? ref _received : ref _repeated);

    public void CountClose(int code) => _closes.AddOrUpdate(code, 1, (_, count) => count + 1);

    public void Fault(string text)
    {
        if (_faults.Count < MaxFaults)
        {
            _faults.Enqueue(text);
        }
    }
}
