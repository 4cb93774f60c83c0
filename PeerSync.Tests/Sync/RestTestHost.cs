using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Host.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Identity;
using PeerSync.Storage.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>The real server with a live side of the test's own.</summary>
internal sealed class RestTestHost : IAsyncDisposable
{
    public const string AdminKey = "the-admin-key-of-the-tests";

    private readonly PeerSyncTestHost _host;

    private RestTestHost(PeerSyncTestHost host, ScriptedSyncDevices devices)
    {
        _host = host;
        Devices = devices;
    }

    public ScriptedSyncDevices Devices { get; }

    public HttpClient Http => _host.Http;

    public ISyncDirectory Directory => _host.Server.Store.Sync;

    public DateTimeOffset Now => _host.Time.GetUtcNow();

    public static async Task<RestTestHost> StartAsync(string settings = "", TimeProvider? time = null)
    {
        var devices = new ScriptedSyncDevices();
        var host = await PeerSyncTestHost.StartAsync(
            $$"""
            peersync.sync { admin-key = "{{AdminKey}}", build.version = "1.0.0", rest-limit.max-requests = 10000 }
            {{settings}}
            """,
            time,
            configure: services => services.AddSingleton<ISyncDevices>(devices));
        return new RestTestHost(host, devices);
    }

    /// <summary>The user had a socket from this machine, or from another address.</summary>
    public void Opened(TestUser user, string address = "127.0.0.1") =>
        Get<ISyncSessionLog>().Opened(user.Id, Get<ClientAddresses>().Hash(new IPEndPoint(IPAddress.Parse(address), 1), null));

    /// <summary>Registers a device as its login would, and leaves it connected.</summary>
    public async Task<SyncDevice> ConnectAsync(TestUser user, Guid deviceId, string? name = null, string? type = null)
    {
        var login = await Directory.LogInAsync(deviceId, user.Id, name, type, PeerSyncTestHost.Cancel);
        Assert.Equal(SyncLoginStatus.Accepted, login.Status);
        Devices.Connect(login.Device!.UserId, deviceId, Now);
        Opened(user);
        return login.Device;
    }

    /// <summary>Writes a user's stream as its actor does: one event about something else, then one for each file.</summary>
    public async Task StoreFileEventsAsync(TestUser user, Guid deviceId, IReadOnlyList<string> eventIds)
    {
        var journal = _host.Server.Store.CreateJournal(Serialization.Empty.WithSync());
        var persistenceId = SyncJournal.PersistenceId(new UserId(user.Id));
        var writer = Guid.NewGuid().ToString("N");
        var events = new List<Persistent> { Record(Event(Guid.NewGuid().ToString(), "clipboard:text", 1), 1) };
        for (var i = 0; i < eventIds.Count; i++)
        {
            events.Add(Record(new Tagged(Event(eventIds[i], SyncJournal.FileTag, i + 2), [SyncJournal.FileTag]), i + 2));
        }

        await journal.WriteMessagesAsync(events);
        Devices.Events[user.Id] = events.Count;

        Persistent Record(object payload, long sequenceNr) => new(payload, sequenceNr, persistenceId, writer, Now.ToUnixTimeMilliseconds());

        EventStored Event(string eventId, string type, long number)
        {
            var payload = Convert.ToBase64String(Encoding.ASCII.GetBytes($"ciphertext-{number - 1}"));
            var json =
                $$"""
                {"event_id":"{{eventId}}","user_id":"{{user.Id}}","device_id":"{{deviceId}}","device_seq":{{number}},"stream_id":"files:main",
                 "stream_seq":{{number}},"type":"{{type}}","encrypted_payload":"{{payload}}","created_at":{{Now.ToUnixTimeMilliseconds()}}}
                """;
            return new EventStored(Guid.Parse(eventId), deviceId, number, "files:main", number, long.MaxValue, Encoding.UTF8.GetBytes(json));
        }
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, TestUser? user = null, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (user is not null)
        {
            request.Headers.Add("X-User-ID", user.Id);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return Http.SendAsync(request, PeerSyncTestHost.Cancel);
    }

    public T Get<T>()
        where T : notnull => _host.Get<T>();

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}

/// <summary>An identity whose key the test has.</summary>
internal sealed record TestUser(string Id, byte[] Seed)
{
    public string SeedHex => Convert.ToHexStringLower(Seed);

    public static TestUser New() => Of(Ed25519.GenerateSeed());

    public static TestUser Of(byte[] seed) => new(Convert.ToHexStringLower(Ed25519.GetPublicKey(seed)), seed);
}

/// <summary>Texts as bytes, as the stream's actor stores events.</summary>
internal sealed class TextSerializer : SerializerWithStringManifest
{
    public override int Identifier => 1001;

    public override string Manifest(object o) => "text";

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes((string)obj);

    public override object FromBinary(byte[] bytes, string manifest) => Encoding.UTF8.GetString(bytes);
}
