using PeerSync.Actors.Connections;
using PeerSync.Actors.Sharing;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Tests.Kernel;

namespace PeerSync.Tests.Sharing;

/// <summary>What it costs in memory to tell one listener more of an event. Nothing else may run beside it.</summary>
[Collection(nameof(MemoryTests))]
public sealed class SharingFeedAllocationTests : IAsyncDisposable
{
    private const int Listeners = 2_000;
    private const int Events = 50;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system = ActorSystem.Create("feed-allocation", new ActorSystemSettings());

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(Deadline);

    [Fact]
    public async Task AnEventAllocatesNothingForAListener()
    {
        var feed = new MemoryFeed();
        var counters = new FeedCounters();
        var hub = SharingFeedHub.Start(_system, feed, new FeedOptions(), counters);
        var services = new FeedServices(hub.Actor, feed, new KnownIdentities(TimeProvider.System), new FeedOptions(), counters, TimeProvider.System);
        var connection = new CountingConnection();
        for (var i = 0; i < Listeners; i++)
        {
            var actor = _system.ActorOf(Props.Create(() => new RespListenerActor(connection, services, null, null)));
            await actor.Ask<Done>(new BeginRespSubscription(MessageBuffer.Copy("+"u8)), Deadline);
        }

        await PublishAsync();

        // The runtime may replace code that it has come to know as hot, which costs some bytes once; a real cost recurs.
        var least = double.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await PublishAsync();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Events * Listeners));
        }

        // What remains is the event itself, written once; the smallest object is 24 bytes.
        Assert.InRange(least, 0, 8);

        async Task PublishAsync()
        {
            for (var i = 0; i < Events; i++)
            {
                var arrived = connection.ExpectAsync(Listeners);
                hub.Publish(feed.Add());
                await arrived.WaitAsync(Deadline);
            }
        }
    }

    private sealed class CountingConnection : IConnection
    {
        private int _missing;
        private TaskCompletionSource _arrived = new();

        public ConnectionId Id { get; } = new("counting");

        public string AddressTag => string.Empty;

        public long QueuedBytes => 0;

        /// <summary>Completes when so many more messages were sent.</summary>
        public Task ExpectAsync(int count)
        {
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var arrived = _arrived.Task;
            Volatile.Write(ref _missing, count);
            return arrived;
        }

        public void Send(MessageBuffer message)
        {
            message.Release();
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                _arrived.SetResult();
            }
        }

        public void TellWhenDrained(object message)
        {
        }

        public void Close(int code, string reason)
        {
        }

        public void ReturnCredit()
        {
        }

        public void Authenticated(UserId userId)
        {
        }

        public void SetDeadline(TimeSpan? delay, object? message)
        {
        }
    }
}
