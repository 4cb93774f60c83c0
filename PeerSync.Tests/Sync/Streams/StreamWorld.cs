using System.Security.Cryptography;
using PeerSync.Actors.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage;
using PeerSync.Storage.Sync;
using PeerSync.Tests.Storage;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync.Streams;

/// <summary>The entities of the Sync feature on a database of their own, without sockets and with a journal that can fail.</summary>
internal sealed class StreamWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly SyncPairingKeys Keys = new(new byte[32]);

    private readonly string _folder;

    private StreamWorld(string folder, DataStore store, SyncSettings settings)
    {
        _folder = folder;
        Store = store;
        var serialization = Serialization.Empty.With(new SyncSerializer(), SyncSerializer.Types);
        Journal = new FaultyJournal(store.CreateJournal(serialization));
        Snapshots = store.CreateSnapshotStore(serialization);
        System = ActorSystem.Create("streams", new ActorSystemSettings { TimeProvider = Time, Journal = Journal, SnapshotStore = Snapshots });
        Pairings = store.CreateSyncPairings(Keys);
        Regions = SyncRegions.Start(System, settings, store.Sync, Pairings, store.Events, Counters);
    }

    public DataStore Store { get; }

    public FaultyJournal Journal { get; }

    public SnapshotStore Snapshots { get; }

    public ISyncPairings Pairings { get; }

    public ActorSystem System { get; }

    public SyncRegions Regions { get; }

    public SyncCounters Counters { get; } = new();

    /// <summary>The clock of the actors; the database has the real one.</summary>
    public ManualTimeProvider Time { get; } = new();

    public static async Task<StreamWorld> StartAsync(SyncSettings? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("peersync-streams-").FullName;
        var options = new StorageOptions { DataFolder = folder };
        var store = await StorageFactory.OpenAsync(options, TimeProvider.System, new RecordedEvents(), CancellationToken.None);
        return new StreamWorld(folder, store, settings ?? new SyncSettings());
    }

    public static UserId NewUser() => new(RandomNumberGenerator.GetHexString(64, lowercase: true));

    public static DeviceId NewDevice() => new(Guid.NewGuid());

    /// <summary>Begins a login.</summary>
    public StreamSocket Connect(UserId userId, DeviceId? deviceId = null)
    {
        var socket = new StreamSocket(this, userId, deviceId ?? NewDevice());
        socket.LogIn();
        return socket;
    }

    /// <summary>A socket with a session.</summary>
    public async Task<StreamSocket> LogInAsync(UserId userId, DeviceId? deviceId = null)
    {
        var socket = Connect(userId, deviceId);
        await socket.GrantedAsync();
        Assert.True(socket.IsLive, $"The login was refused: {socket.End}.");
        return socket;
    }

    public Task<T> AskUserAsync<T>(object message) => Regions.Users.Ask<T>(message, Patience, CancellationToken.None);

    public async Task<IEnumerable<Guid>> OnlineAsync(UserId userId) =>
        (await AskUserAsync<OnlineDevices>(new ListOnlineDevices(userId))).Devices.Select(static device => device.DeviceId);

    /// <summary>Tells all connected devices of a user something, and waits until a socket has got it, with all that was told before.</summary>
    public async Task BarrierAsync(UserId userId, params StreamSocket[] sockets)
    {
        var text = Guid.NewGuid().ToString();
        var frame = MessageBuffer.Copy(global::System.Text.Encoding.UTF8.GetBytes(text));
        Regions.Users.Tell(new TellOtherDevices(userId, default, frame), ActorRefs.NoSender);
        foreach (var socket in sockets)
        {
            await socket.NoticedAsync(text);
        }
    }

    /// <summary>The user's events in the order of the journal.</summary>
    public async Task<List<(long SequenceNr, object Record)>> ReadAsync(UserId userId)
    {
        var serializer = new SyncSerializer();
        var page = await Store.Events.ReadPageAsync(
            SyncJournal.PersistenceId(userId), 0, long.MaxValue, DateTimeOffset.UnixEpoch, 10_000, 1 << 30, CancellationToken.None);
        Assert.False(page.HasMore);
        return [.. page.Events.Select(row => (row.SequenceNr, serializer.FromBinary(row.Message, row.Manifest)))];
    }

    public async Task<List<EventStored>> ReadEventsAsync(UserId userId) =>
        [.. (await ReadAsync(userId)).Select(static item => item.Record).OfType<EventStored>()];

    public async ValueTask DisposeAsync()
    {
        await System.Terminate().WaitAsync(Patience);
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
