using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>Opens rooms in which one member speaks to all, itself included, and the others count what they hear.</summary>
internal static class ChatGroup
{
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(60);

    /// <summary>Users spread evenly over rooms.</summary>
    public static string[] CreateCredentials(ServerProcess server, int rooms, int users) =>
        Enumerable.Range(0, users).Select(i => RoomTarget.CreateCredential(server.NextUser(), RoomTarget.RoomName(i % rooms))).ToArray();

    /// <summary>Opens the connections of these users; they only count what they receive.</summary>
    public static Task<ConnectionGroup> OpenAsync(RoomsRun run, RoomTarget target, ServerProcess server, IReadOnlyList<string> credentials) =>
        ConnectionGroup.OpenAsync(run, target, server, credentials, unit: 1, run.Options.Concurrency, ReceiveMode.Count);

    /// <summary>Makes one member of each room its speaker.</summary>
    /// <param name="target">What the server is.</param>
    /// <param name="connections">The members.</param>
    /// <param name="credentials">Their credentials.</param>
    /// <param name="largestBurst">See <see cref="Lane"/>.</param>
    public static async Task<LaneGroup> SpeakAsync(
        RoomTarget target, ConnectionGroup connections, IReadOnlyList<string> credentials, int largestBurst = Lane.DefaultBurst)
    {
        var rooms = credentials.Select(RoomTarget.Split).ToDictionary(seat => seat.User, seat => seat.Room);
        var speakers = connections.All.GroupBy(connection => rooms[connection.PeerId]).Select(members => members.First()).ToHashSet();
        var lanes = connections.ByLoop.Select(_ => new List<Lane>()).ToArray();
        await connections.OnEachLoopAsync(
            async loop =>
            {
                foreach (var speaker in connections.ByLoop[loop].Where(speakers.Contains))
                {
                    lanes[loop].Add(await target.ChatAsync(speaker, rooms[speaker.PeerId], largestBurst));
                }
            },
            ProofLimit,
            "speaking in every room");
        return new LaneGroup(connections, lanes);
    }
}
