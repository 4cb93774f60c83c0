using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Sockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>A client that reconnects in a loop: sockets are opened and reset, in every state of their opening, as fast as they can be.</summary>
[Collection(nameof(RoomsStormTests))]
[CollectionDefinition(nameof(RoomsStormTests), DisableParallelization = true)]
public sealed class RoomsStormTests
{
    // In the suite it must be over soon. For a long storm: PEERSYNC_STORM_SOCKETS=20000.
    private const int DefaultSockets = 3000;
    private const int Concurrency = 32;

    // What is shared by all, and grows at first.
    private const int WarmUp = 300;

    // Far below what one forgotten connection holds.
    private const double MaxGrowthPerSocket = 512;

    // On a machine that has much else to do. It says that nobody waits for the storm to end.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task SocketsThatAreOpenedAndResetLeaveTheOthersInPeaceAndNothingBehind()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("PEERSYNC_STORM_SOCKETS"), CultureInfo.InvariantCulture, out var given) ? given : DefaultSockets;
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.enabled = off", logLevel: LogLevel.Warning);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "pair", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "pair", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        await RunAsync(host, alice, bob, WarmUp);
        var before = Measure();
        var (elapsed, frames, worst) = await RunAsync(host, alice, bob, count);
        var after = Measure();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} sockets in {elapsed.TotalSeconds:F1} s; {frames} frames relayed, the slowest in {worst.TotalMilliseconds:F1} ms; "
            + $"heap {before.Heap / 1024} to {after.Heap / 1024} KiB, resident set {before.ResidentSet / 1024} to {after.ResidentSet / 1024} KiB"));
        Assert.InRange(worst, TimeSpan.Zero, MaxDelay);
        Assert.InRange((after.Heap - before.Heap) / (double)count, double.NegativeInfinity, MaxGrowthPerSocket);
    }

    /// <summary>Lets a storm pass, while a pair talks.</summary>
    private static async Task<(TimeSpan Elapsed, int Frames, TimeSpan Worst)> RunAsync(PeerSyncTestHost host, RoomsClient alice, RoomsClient bob, int count)
    {
        var start = TimeProvider.System.GetTimestamp();
        var storm = Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = PeerSyncTestHost.Cancel },
            async (number, cancel) => await OpenAndResetAsync(host.Address.Port, number, cancel));
        var frames = 0;
        var worst = TimeSpan.Zero;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            var frame = string.Create(
                CultureInfo.InvariantCulture, $$$"""{"type":"chat","roomId":"pair","from":"alice","data":{"text":"{{{++frames}}}"}}""");
            var sent = TimeProvider.System.GetTimestamp();
            await alice.SendAsync(frame);
            await bob.ExpectAsync(frame);
            await alice.ExpectAsync(frame);
            var delay = TimeProvider.System.GetElapsedTime(sent);
            worst = delay > worst ? delay : worst;
            await timer.WaitForNextTickAsync(PeerSyncTestHost.Cancel);
        }
        while (!storm.IsCompleted);

        await storm;
        var elapsed = TimeProvider.System.GetElapsedTime(start);

        // Nobody is left but the pair: no socket, no member.
        var connections = host.Get<SocketServer>().Connections;
        var counters = host.Get<RoomsCounters>();
        await Eventually.TrueAsync(
            () => connections.Count == 2 && counters.Members == 2, () => $"two sockets and members, not {connections.Count} and {counters.Members}");
        return (elapsed, frames, worst);
    }

    private static async Task OpenAndResetAsync(int port, int number, CancellationToken cancel)
    {
        var request = Encoding.ASCII.GetBytes(RawSocket.UpgradeRequest("/"));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // Closing sends a reset.
        socket.LingerState = new LingerOption(true, 0);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
        switch (number % 5)
        {
            case 0:
                return;
            case 1:
                await socket.SendAsync(request.AsMemory(0, request.Length / 2), cancel);
                return;
            case 2:
                await socket.SendAsync(request, cancel);
                return;
        }

        await socket.SendAsync(request, cancel);
        var answer = new byte[1024];
        var length = await socket.ReceiveAsync(answer, cancel);
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        if (number % 5 == 4)
        {
            // As the product's editor enters with its first view.
            await socket.SendAsync(RawSocket.Text("""{"type":"auth","roomId":"default-room","from":"unknown","data":{"name":"Anonymous"}}"""), cancel);
        }
    }

    private static (long Heap, long ResidentSet) Measure()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (heap, process.WorkingSet64);
    }
}
