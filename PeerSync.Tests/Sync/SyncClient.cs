using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Cryptography;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>An identity: the key pair that all devices of a user share.</summary>
internal sealed class SyncIdentity
{
    private readonly byte[] _seed = Ed25519.GenerateSeed();

    internal SyncIdentity() => UserId = Convert.ToHexStringLower(Ed25519.GetPublicKey(_seed));

    internal string UserId { get; }

    internal string PrivateKeyHex => Convert.ToHexStringLower(_seed);

    internal string Sign(ReadOnlySpan<byte> message) => Convert.ToHexStringLower(Ed25519.Sign(_seed, message));
}

/// <summary>A device of the Sync feature on a real socket, which speaks as the web client does.</summary>
internal sealed class SyncClient : IAsyncDisposable
{
    private readonly SyncIdentity _identity;
    private string _nonceC = string.Empty;

    private SyncClient(SocketClient socket, SyncIdentity identity, Guid deviceId)
    {
        Socket = socket;
        _identity = identity;
        DeviceId = deviceId;
        UserId = identity.UserId;
    }

    internal SocketClient Socket { get; }

    internal Guid DeviceId { get; }

    /// <summary>Whose device it is: changed by pairing.</summary>
    internal string UserId { get; set; }

    internal long LastAckDeviceSeq { get; private set; }

    /// <summary>Opens a socket and says nothing.</summary>
    internal static async Task<SyncClient> ConnectAsync(PeerSyncTestHost host, SyncIdentity identity, Guid? deviceId = null, bool answerPings = true) =>
        new(await host.ConnectAsync(answerPings: answerPings), identity, deviceId ?? Guid.NewGuid());

    /// <summary>Opens a socket and logs in.</summary>
    internal static async Task<SyncClient> LogInAsync(
        PeerSyncTestHost host, SyncIdentity identity, Guid? deviceId = null, string? name = null, string? type = null)
    {
        var client = await ConnectAsync(host, identity, deviceId);
        await client.HandshakeAsync(name, type);
        return client;
    }

    internal async Task HandshakeAsync(string? name = null, string? type = null)
    {
        await SendAuthAsync(await SayHelloAsync(), name, type);
        var established = await ExpectAsync("session_established");
        Assert.Equal(DeviceId, established.GetProperty("device_id").GetGuid());
        LastAckDeviceSeq = established.GetProperty("last_ack_device_seq").GetInt64();
    }

    /// <summary>A new public key for a hello; nobody needs its private half.</summary>
    internal static string CreateEphemeralKey()
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        return $"04{Convert.ToHexStringLower(point.X!)}{Convert.ToHexStringLower(point.Y!)}";
    }

    internal async Task<JsonElement> SayHelloAsync()
    {
        _nonceC = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var publicKey = CreateEphemeralKey();
        await SendAsync("client_hello", $$"""{"type":"client_hello","client_ephemeral_pub":"{{publicKey}}","nonce_c":"{{_nonceC}}"}""");
        return await ExpectAsync("server_hello");
    }

    internal Task SendAuthAsync(JsonElement hello, string? name = null, string? type = null, SyncIdentity? signer = null)
    {
        var text = _identity.UserId + DeviceId + _nonceC + hello.GetProperty("nonce_s").GetString() + hello.GetProperty("server_ephemeral_pub").GetString();
        var signature = (signer ?? _identity).Sign(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var extra = (name is null ? string.Empty : $",\"device_name\":{JsonSerializer.Serialize(name)}") + (type is null ? string.Empty : $",\"device_type\":\"{type}\"");
        return SendAsync(
            "client_auth",
            $$"""{"type":"client_auth","user_id":"{{_identity.UserId}}","device_id":"{{DeviceId}}","client_signature":"{{signature}}","nonce_c2":"{{new string('0', 64)}}"{{extra}}}""");
    }

    internal Task SendAsync(string type, string? payload = null) =>
        Socket.SendAsync(payload is null ? $$"""{"type":"{{type}}"}""" : $$"""{"type":"{{type}}","payload":{{payload}}""" + "}");

    /// <summary>Sends an event; returns its id.</summary>
    internal async Task<Guid> SendEventAsync(long deviceSeq, string content = "hello", string stream = "clipboard:main", string type = "clipboard:text", Guid? eventId = null, string extra = "")
    {
        var id = eventId ?? Guid.CreateVersion7();
        await SendAsync("event", EventJson(id, deviceSeq, content, stream, type, extra));
        return id;
    }

    internal string EventJson(Guid id, long deviceSeq, string content = "hello", string stream = "clipboard:main", string type = "clipboard:text", string extra = "") =>
        $$"""{"event_id":"{{id}}","user_id":"{{UserId}}","device_id":"{{DeviceId}}","device_seq":{{deviceSeq}},"stream_id":"{{stream}}","stream_seq":0,"type":"{{type}}","encrypted_payload":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}}"{{extra}}}""";

    /// <summary>The next message, which must be of this type; returns its payload.</summary>
    internal async Task<JsonElement> ExpectAsync(string type)
    {
        var text = await Socket.ReceiveAsync(type);
        using var document = JsonDocument.Parse(text);
        Assert.True(document.RootElement.GetProperty("type").GetString() == type, $"Expected {type}, received {text}");
        return document.RootElement.TryGetProperty("payload", out var payload) ? payload.Clone() : default;
    }

    internal async Task ExpectAckAsync(long deviceSeq) => Assert.Equal(deviceSeq, (await ExpectAsync("ack")).GetProperty("device_seq").GetInt64());

    internal async Task<JsonElement> ExpectEventAsync(Guid id)
    {
        var payload = await ExpectAsync("event");
        Assert.Equal(id, payload.GetProperty("event_id").GetGuid());
        return payload;
    }

    internal Task ConfirmAsync(JsonElement receivedEvent) =>
        SendAsync("ack", $$"""{"device_seq":{{receivedEvent.GetProperty("device_seq").GetInt64()}}""" + "}");

    internal async Task ExpectPresenceAsync(Guid deviceId, bool online)
    {
        var payload = await ExpectAsync("device_status_changed");
        Assert.Equal((deviceId, online), (payload.GetProperty("device_id").GetGuid(), payload.GetProperty("is_online").GetBoolean()));
    }

    /// <summary>Everything that this client sent was dealt with by its connection.</summary>
    internal async Task BarrierAsync()
    {
        await SendAsync("ping");
        await ExpectAsync("pong");
    }

    internal async Task ExpectCloseAsync(int code, string reason) => Assert.Equal((code, reason), await Socket.WaitForCloseAsync());

    /// <summary>Closes and waits until the server has dealt with it.</summary>
    internal Task CloseAsync() => Socket.CloseAsync(WebSocketCloseStatus.NormalClosure);

    public ValueTask DisposeAsync() => Socket.DisposeAsync();
}
