using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Opens pairs of connections, with a lane in each direction.</summary>
internal static class PairGroup
{
    private static readonly TimeSpan PairingLimit = TimeSpan.FromSeconds(30);

    public static Task<LaneGroup> OpenAsync(LoadRun run, ISocketTarget target, ServerProcess server)
    {
        var content = SentMessage.CreateContent(run.Options.Size);
        return OpenAsync(run, target, server, run.Options.Pairs, run.Options.Concurrency, _ => content);
    }

    /// <param name="run">The run.</param>
    /// <param name="target">What the server is.</param>
    /// <param name="server">The server.</param>
    /// <param name="count">How many pairs.</param>
    /// <param name="concurrency">How many connections log in at a time.</param>
    /// <param name="contentOf">What a pair sends, by its index in its loop.</param>
    public static async Task<LaneGroup> OpenAsync(
        TargetRun run, ISocketTarget target, ServerProcess server, int count, int concurrency, Func<int, string> contentOf)
    {
        var credentials = ConnectionGroup.CreateCredentials(target, server, count * 2);
        var connections = await ConnectionGroup.OpenAsync(run, target, server, credentials, unit: 2, concurrency, ReceiveMode.Converse);
        try
        {
            var lanes = run.Loops.Select(_ => new List<Lane>()).ToArray();
            await connections.OnEachLoopAsync(
                async loop =>
                {
                    var share = connections.ByLoop[loop];
                    for (var i = 0; i + 1 < share.Count; i += 2)
                    {
                        var (forth, back) = await target.PairAsync(share[i], share[i + 1], contentOf(i / 2));
                        lanes[loop].Add(forth);
                        lanes[loop].Add(back);
                    }

                    foreach (var connection in share)
                    {
                        connection.Mode = ReceiveMode.Lane;
                    }
                },
                PairingLimit,
                "pairing");
            return new LaneGroup(connections, lanes);
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }
}
