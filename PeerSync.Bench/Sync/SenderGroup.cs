using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>Devices that send together: each of a user of its own, or two of each user, who then receive each other's events.</summary>
internal sealed class SenderGroup
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);
    private readonly SyncRun _run;
    private readonly bool _isPaired;

    private SenderGroup(SyncRun run, bool isPaired, IReadOnlyList<SyncDevice> devices)
    {
        _run = run;
        _isPaired = isPaired;
        Devices = devices;
    }

    /// <summary>In a paired group neighbours belong together.</summary>
    public IReadOnlyList<SyncDevice> Devices { get; }

    /// <summary>What the tables call it.</summary>
    public string Title => _isPaired ? $"{Devices.Count / 2} users with 2 devices, each relayed to the other" : $"{Devices.Count} users with 1 device";

    /// <summary>Opens a group of new users.</summary>
    public static Task<SenderGroup> OpenAsync(SyncRun run, ServerProcess server, int devices, bool isPaired)
    {
        var users = Enumerable.Range(0, isPaired ? devices / 2 : devices).Select(_ => new SyncIdentity()).ToArray();
        return OpenAsync(run, server, isPaired ? users.SelectMany(user => new[] { user, user }) : users, isPaired);
    }

    /// <summary>Opens a device of each of these users.</summary>
    public static Task<SenderGroup> OpenAsync(SyncRun run, ServerProcess server, IEnumerable<SyncIdentity> users) =>
        OpenAsync(run, server, users, isPaired: false);

    /// <summary>Waits until every event that was sent is acknowledged, and has reached the user's other device.</summary>
    public Task SettleAsync() => _run.UntilAsync(IsSettled, Devices.Select(device => device.Connection), SettleLimit, "events that were sent");

    /// <summary>Sends so many events from each device, as fast as they are acknowledged.</summary>
    public async Task SendAsync(int eventsOfEach)
    {
        var load = new EventLoad(_run.Loop, Devices) { Quota = eventsOfEach };
        await _run.Loop.InvokeAsync(() => load.StartClosed(Math.Min(_run.Options.Window, eventsOfEach)));
        await _run.UntilAsync(
            () => Devices.All(device => device.Acknowledged >= eventsOfEach), Devices.Select(device => device.Connection), TimeSpan.FromMinutes(5), "events for later");
        await SettleAsync();
    }

    public Task CloseAsync() => _run.CloseAsync(Devices.Select(device => device.Connection));

    private static Task<SenderGroup> OpenAsync(SyncRun run, ServerProcess server, IEnumerable<SyncIdentity> users, bool isPaired) =>
        run.OnLoopAsync(async () =>
        {
            var opened = new List<SyncDevice>();
            foreach (var user in users)
            {
                opened.Add(await SyncDevice.OpenAsync(run.Loop, server, user, run.Options.Size));
            }

            return new SenderGroup(run, isPaired, opened);
        });

    private bool IsSettled()
    {
        for (var i = 0; i < Devices.Count; i++)
        {
            if (Devices[i].Acknowledged < Devices[i].Sent || (_isPaired && Devices[i].Relayed < Devices[i ^ 1].Sent))
            {
                return false;
            }
        }

        return true;
    }
}
