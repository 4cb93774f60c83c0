using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

/// <summary>Counts the messages that it processes.</summary>
internal sealed class CountingActor(CountingActor.Counter counter) : UntypedActor
{
    protected override void OnReceive(object message) => counter.Increment();

    internal sealed class Counter
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }
}
