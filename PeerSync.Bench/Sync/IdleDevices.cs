using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>Devices, each of a user of its own, that log in and then only count what they receive.</summary>
internal static class IdleDevices
{
    /// <summary>Makes users; before anything is timed, as a key pair costs the client.</summary>
    public static (SyncIdentity Identity, Guid DeviceId)[] Create(int count) =>
        Enumerable.Range(0, count).Select(_ => (new SyncIdentity(), Guid.NewGuid())).ToArray();

    /// <summary>Logs devices in, so many at a time.</summary>
    public static Task<IReadOnlyList<LoadConnection>> OpenAsync(
        SyncRun run, ServerProcess server, IReadOnlyList<(SyncIdentity Identity, Guid DeviceId)> users, int concurrency) => run.OnLoopAsync(async () =>
    {
        var waiting = new Queue<(SyncIdentity Identity, Guid DeviceId)>(users);
        var open = new List<LoadConnection>();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => OpenShareAsync()));
        return (IReadOnlyList<LoadConnection>)open;

        async Task OpenShareAsync()
        {
            while (waiting.TryDequeue(out var user))
            {
                var connection = await SyncLogin.OpenAsync(run.Loop, server, user.Identity, user.DeviceId);
                connection.Mode = ReceiveMode.Count;
                open.Add(connection);
            }
        }
    });
}
