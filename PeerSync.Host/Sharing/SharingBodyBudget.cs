using PeerSync.Host.Configuration;

namespace PeerSync.Host.Sharing;

/// <summary>Bounds what the bodies of all requests under way may take together.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SharingBodyBudget(PeerSyncOptions options)
{
    private readonly long _capacity = options.Sharing.MaxBodyBytesInFlight;
    private long _taken;

    /// <summary>Takes a part, which its disposal gives back; null where there is not so much.</summary>
    public IDisposable? TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= _capacity)
        {
            return new Part(this, bytes);
        }

        Interlocked.Add(ref _taken, -bytes);
        return null;
    }

    private sealed class Part(SharingBodyBudget budget, long bytes) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                Interlocked.Add(ref budget._taken, -bytes);
            }
        }
    }
}
