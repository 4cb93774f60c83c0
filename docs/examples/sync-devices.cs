// Two devices of one user keep each other up to date on a PeerSync server, one of them after an absence:
//
//   dotnet run docs/examples/sync-devices.cs [SERVER]
//
// It prints what is on the wire (keys and signatures shortened). docs/spec/sync.md explains it all.
#:project ../../PeerSync.Protocol/PeerSync.Protocol.csproj
#:property PublishAot=false
#:property PeerSyncTestCode=true

using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Cryptography;

var server = new Uri(args.Length > 0 ? args[0] : "http://localhost:3000");
using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));

// The user is a key pair, which all devices of the user share; a device is a random id.
var seed = Ed25519.GenerateSeed();
var phoneId = Guid.NewGuid();
using var laptop = new Device("laptop", Guid.NewGuid(), seed, server, deadline.Token);
await laptop.LogInAsync();
using (var phone = new Device("phone", phoneId, seed, server, deadline.Token))
{
    await phone.LogInAsync();

    // The laptop shares something. It is stored before it is acknowledged, and relayed to the phone, which confirms it.
    await laptop.SendEventAsync(1, "what the server cannot read: 1");
    await laptop.ExpectAsync("ack");
    var received = await phone.ExpectAsync("event");
    await phone.SendAsync("ack", $$"""{"device_seq":{{received.GetProperty("device_seq")}}}""");
    await phone.CloseAsync();
}

// The phone is away. Nothing is lost: it gets what it missed when it comes back.
await laptop.SendEventAsync(2, "what the server cannot read: 2");
await laptop.ExpectAsync("ack");
using (var phone = new Device("phone", phoneId, seed, server, deadline.Token))
{
    await phone.LogInAsync();
    var missed = (await phone.ExpectAsync("replay_response")).GetProperty("events");
    await phone.SendAsync("ack", $$"""{"device_seq":{{missed[0].GetProperty("device_seq")}}}""");
    await phone.CloseAsync();
}

await laptop.CloseAsync();
return 0;

internal sealed class Device(string name, Guid deviceId, byte[] seed, Uri server, CancellationToken deadline) : IDisposable
{
    private readonly string _userId = Convert.ToHexStringLower(Ed25519.GetPublicKey(seed));
    private readonly ClientWebSocket _socket = new();

    public async Task LogInAsync()
    {
        var address = new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = "/ws" };
        await _socket.ConnectAsync(address.Uri, deadline);

        // An ephemeral P-256 key and a nonce from either side; then the device signs both with the user's key.
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        var publicKey = $"04{Convert.ToHexStringLower(point.X!)}{Convert.ToHexStringLower(point.Y!)}";
        var nonce = RandomNumberGenerator.GetHexString(64, lowercase: true);
        await SendAsync("client_hello", $$"""{"type":"client_hello","client_ephemeral_pub":"{{publicKey}}","nonce_c":"{{nonce}}"}""");
        var hello = await ExpectAsync("server_hello");
        var text = _userId + deviceId + nonce + hello.GetProperty("nonce_s").GetString() + hello.GetProperty("server_ephemeral_pub").GetString();
        var signature = Convert.ToHexStringLower(Ed25519.Sign(seed, SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        var second = RandomNumberGenerator.GetHexString(64, lowercase: true);
        await SendAsync(
            "client_auth",
            $$"""{"type":"client_auth","user_id":"{{_userId}}","device_id":"{{deviceId}}","client_signature":"{{signature}}","nonce_c2":"{{second}}","device_name":"{{name}}"}""");
        await ExpectAsync("session_established");
    }

    /// <summary>Sends an event with the device's next number. A real client encrypts the payload with a key that the server never has.</summary>
    public Task SendEventAsync(long number, string payload) => SendAsync(
        "event",
        $$"""
        {"event_id":"{{Guid.CreateVersion7()}}","user_id":"{{_userId}}","device_id":"{{deviceId}}","device_seq":{{number}},"stream_id":"clipboard:main","stream_seq":0,"type":"clipboard:text","encrypted_payload":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}"}
        """);

    public async Task SendAsync(string type, string payload)
    {
        var frame = $$"""{"type":"{{type}}","payload":{{payload}}}""";
        Print(">", frame);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, deadline);
    }

    /// <summary>Reads until a message of this type comes; what others come before it (presence) is printed like it.</summary>
    public async Task<JsonElement> ExpectAsync(string type)
    {
        while (true)
        {
            var frame = JsonElement.Parse(await ReceiveAsync());
            if (frame.GetProperty("type").GetString() == type)
            {
                return frame.GetProperty("payload");
            }
        }
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline);

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), deadline);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException($"The server closed the socket: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                break;
            }
        }

        var text = Encoding.UTF8.GetString(message.ToArray());
        Print("<", text);
        return text;
    }

    // Long hexadecimal numbers are keys, nonces and signatures; their beginning tells them apart.
    private void Print(string direction, string text) =>
        Console.WriteLine($"{name,-6} {direction} {System.Text.RegularExpressions.Regex.Replace(text, "([0-9a-f]{8})[0-9a-f]{56,}", "$1...")}");
}
