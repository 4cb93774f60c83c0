using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

public sealed class IsolationTests
{
    [Fact]
    public async Task A_fault_in_one_connections_actor_leaves_others_undisturbed()
    {
        await using var harness = new SocketHarness();
        var bystander = await harness.ConnectLoggedInAsync();
        var faulty = await harness.ConnectLoggedInAsync();
        for (var i = 0; i < 200; i++)
        {
            await faulty.SendAsync(EchoActor.Throw);
        }

        await bystander.SendAsync("undisturbed");
        await bystander.ExpectTextAsync("undisturbed");

        // The actor was restarted, so even its own connection goes on.
        await faulty.SendAsync("again");
        await faulty.ExpectTextAsync("again");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_thousand_aborted_sockets_leave_nothing_behind(int stage)
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.enabled = off");
        var sockets = host.Get<PeerSync.Host.Sockets.SocketServer>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 250), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            if (stage == 0)
            {
                var socket = await RawSocket.ConnectAsync(host.Address);
                await socket.WriteAsync(RawSocket.UpgradeRequest()[..(i % RawSocket.UpgradeRequest().Length)]);
                socket.Abort();
                return;
            }

            var upgraded = await RawSocket.OpenAsync(host.Address);
            if (stage == 2)
            {
                await upgraded.WriteAsync(RawSocket.Text("""{"event":"PING"}""").AsMemory(0, 1 + (i % 20)));
            }

            if (stage == 3)
            {
                await upgraded.SendAsync($$$"""{"event":"AUTH","data":{"token":"{{{host.Token($"user{i}")}}}"}}""");
                if (i % 2 == 0)
                {
                    await upgraded.ReadFrameAsync();
                }
            }

            upgraded.Abort();
        });

        await SocketHarness.WaitUntilAsync(() => sockets.Connections.Count == 0);
        await using var alice = await host.RegisterAsync("alice");
        Assert.Equal(1, sockets.Connections.Count);
    }
}
