using System.Numerics;
using System.Runtime.InteropServices;

namespace PeerSync.Host.Metrics;

/// <summary>A counter for what happens with every message: one atomic addition to a cell that other cores do not write.</summary>
/// <remarks>Thread-safe. A read while others add gives a value between the counts before and after it, and never less than an earlier read.</remarks>
internal sealed class StripedCounter
{
    private const int MaxStripes = 64;

    private readonly Stripe[] _stripes = new Stripe[BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MaxStripes))];

    /// <summary>The sum of all additions.</summary>
    public long Value
    {
        get
        {
            var sum = 0L;
            foreach (ref var stripe in _stripes.AsSpan())
            {
                sum += Volatile.Read(ref stripe.Count);
            }

            return sum;
        }
    }

    /// <summary>Adds one.</summary>
    public void Increment() => Add(1);

    /// <summary>Adds.</summary>
    /// <param name="amount">Not negative.</param>
    public void Add(long amount) => Interlocked.Add(ref _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)].Count, amount);

    /// <summary>As long as two cache lines, because processors fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(0)]
        public long Count;
    }
}
