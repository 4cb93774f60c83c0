using System.Text;
using PeerSync.Actors.Connections;
using PeerSync.Actors.Rooms;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Rooms;
using PeerSync.Tests.Kernel;

namespace PeerSync.Tests.Rooms;

/// <summary>What a frame costs in memory on its way from socket to socket, with all actors between them. Nothing else may run beside it.</summary>
[Collection(nameof(MemoryTests))]
public sealed class RoomsAllocationTests : IAsyncDisposable
{
    private const string Room = "1f3a9d2c-room";
    private const string Ada = "7d1f5a9e-3a55-4c07-8a53-1c8a29f3e0aa";
    private const string Bob = "0b2c4d6e-1a2b-4c3d-9e8f-5a6b7c8d9e0f";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system = ActorSystem.Create("rooms-allocation", new ActorSystemSettings());
    private readonly RoomsServices _services;

    public RoomsAllocationTests()
    {
        var settings = new RoomsSettings();
        var counters = new RoomsCounters();
        var audit = new SilentAudit();
        _services = new RoomsServices(
            RoomsRegions.Start(_system, settings, counters, audit),
            settings,
            new RoomsTokens(SigningKey.Hs256(new byte[VerificationKey.MinSecretLength]), TimeSpan.FromHours(1), TimeProvider.System),
            new NothingRevoked(),
            counters,
            audit,
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(Deadline);

    [Theory]
    [InlineData($$$"""{"type":"ice","roomId":"{{{Room}}}","from":"{{{Ada}}}","to":"{{{Bob}}}","data":{"candidate":{"candidate":"candidate:1","sdpMid":"0"}},"timestamp":1}""")]
    [InlineData($$$"""{"type":"offer","roomId":"{{{Room}}}","from":"{{{Ada}}}","to":"{{{Bob}}}","data":{"type":"offer","sdp":"v=0\r\n"},"timestamp":1}""")]
    [InlineData($$$"""{"type":"chat","roomId":"{{{Room}}}","from":"{{{Ada}}}","data":{"text":"Hello"},"timestamp":1}""")]
    public async Task ARelayedFrameAllocatesNothing(string text)
    {
        var ada = new CountingConnection("ada");
        var bob = new CountingConnection("bob");
        var sender = await EnterAsync(ada, Ada);
        _ = await EnterAsync(bob, Bob);
        var frame = Encoding.UTF8.GetBytes(text);
        await RelayAsync(20_000);

        // The runtime may replace code that it has come to know as hot, which costs some bytes once; a real cost recurs.
        var least = double.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            const int Count = 20_000;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RelayAsync(Count);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count);
        }

        // What remains are the waits for each batch; the smallest object is 24 bytes.
        Assert.InRange(least, 0, 8);

        async Task RelayAsync(int count)
        {
            const int Batch = 200;
            for (var sent = 0; sent < count; sent += Batch)
            {
                var arrived = bob.ExpectAsync(Batch);
                for (var i = 0; i < Batch; i++)
                {
                    sender.Tell(InboundMessage.Rent(MessageBuffer.Copy(frame), isText: true), ActorRefs.NoSender);
                }

                await arrived.WaitAsync(Deadline);
            }
        }
    }

    private async Task<IActorRef> EnterAsync(CountingConnection connection, string userId)
    {
        var actor = _system.ActorOf(Props.Create(() => new RoomsConnectionActor(connection, _services)));
        var entered = connection.ExpectAsync(1);
        var auth = Encoding.UTF8.GetBytes($$$"""{"type":"auth","roomId":"{{{Room}}}","from":"{{{userId}}}"}""");
        actor.Tell(InboundMessage.Rent(MessageBuffer.Copy(auth), isText: true), ActorRefs.NoSender);
        await entered.WaitAsync(Deadline);
        return actor;
    }

    private sealed class CountingConnection(string name) : IConnection
    {
        private int _missing;
        private TaskCompletionSource _arrived = new();

        public ConnectionId Id { get; } = new(name);

        public string AddressTag => string.Empty;

        public long QueuedBytes => 0;

        /// <summary>Completes when so many more frames were sent to the client.</summary>
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

    private sealed class SilentAudit : IRoomsAudit
    {
        public void Record(RoomsAuditEvent happened)
        {
        }
    }

    private sealed class NothingRevoked : IRoomsRevocations
    {
        public bool IsRevoked(string tokenId) => false;
    }
}
