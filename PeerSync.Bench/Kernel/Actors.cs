using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>The actors of the benchmarks.</summary>
internal static class Actors
{
    /// <summary>Counts messages and says when there were enough. The least that an actor can do.</summary>
    internal sealed class Counter(int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _count;

        protected override void OnReceive(object message)
        {
            if (++_count == expected)
            {
                done.SetResult();
            }
        }
    }

    /// <summary>Counts messages where a producer can see the number.</summary>
    internal sealed class Progress(Progress.State state) : UntypedActor
    {
        protected override void OnReceive(object message) => Volatile.Write(ref state.Count, state.Count + 1);

        internal sealed class State
        {
            public long Count;
        }
    }

    internal sealed class Pong : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    internal sealed class Ping(IActorRef pong, int rounds, CountdownEvent done) : UntypedActor
    {
        private int _left = rounds;

        protected override void OnReceive(object message)
        {
            if (--_left == 0)
            {
                done.Signal();
            }
            else
            {
                pong.Tell(message);
            }
        }
    }

    internal sealed class Hop(IActorRef next) : UntypedActor
    {
        protected override void OnReceive(object message) => next.Tell(message, null);
    }

    internal sealed class Last : UntypedActor
    {
        protected override void OnReceive(object message) => ((SemaphoreSlim)message).Release();
    }

    internal sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    internal sealed class Spawner(int count, CountdownEvent started) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var props = Props.Create(() => new Started(started));
            for (var i = 0; i < count; i++)
            {
                Context.ActorOf(props);
            }
        }
    }

    internal sealed class Started(CountdownEvent started) : UntypedActor
    {
        protected override void PreStart() => started.Signal();

        protected override void OnReceive(object message)
        {
        }
    }

    internal sealed class OneEntity() : HashCodeMessageExtractor(100)
    {
        public override string EntityId(object message) => "the room";
    }
}
