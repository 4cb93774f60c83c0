// Two users meet on a PeerSync server and talk, with nothing but the .NET SDK:
//
//   dotnet run docs/examples/first-conversation.cs TOKEN_OF_ALICE TOKEN_OF_BOB [SERVER]
//
// It prints every frame as it is on the wire (tokens shortened). docs/spec/peers.md explains them all.
#:property PublishAot=false
#:property PeerSyncTestCode=true

using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("Usage: dotnet run docs/examples/first-conversation.cs TOKEN_OF_ALICE TOKEN_OF_BOB [SERVER, http://localhost:3000 by default]");
    return 2;
}

var server = new Uri(args.Length == 3 ? args[2] : "http://localhost:3000");
using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
using var alice = new Client("alice", args[0], server, deadline.Token);
using var bob = new Client("bob", args[1], server, deadline.Token);

// Peers see each other within a network only: Alice makes one, Bob joins it with its invite code.
var network = await alice.PostAsync("/api/v1/network", null);
await bob.PostAsync("/api/v1/network/join", $$"""{"inviteCode":"{{network.GetProperty("inviteCode").GetString()}}"}""");

foreach (var client in new[] { alice, bob })
{
    await client.SignInAsync();
    await client.SendAsync("""{"event":"PEER_REGISTER","data":{"ide":"vscode","role":"guest"}}""");
    await client.ExpectAsync("PEER_REGISTERED");
}

await alice.SendAsync("""{"event":"DISCOVER_PEERS"}""");
var peers = (await alice.ExpectAsync("PEERS_LIST")).GetProperty("peers");
var target = peers[0].GetProperty("id").GetString();

await alice.SendAsync($$$"""{"event":"CONNECTION_REQUEST","data":{"targetId":"{{{target}}}"}}""");
var request = (await bob.ExpectAsync("CONNECTION_REQUEST_RECEIVED")).GetProperty("requestId").GetString();
await bob.SendAsync($$$"""{"event":"CONNECTION_RESPONSE","data":{"requestId":"{{{request}}}","accepted":true}}""");
await bob.ExpectAsync("SESSION_CREATED");
var session = (await alice.ExpectAsync("CONNECTION_ACCEPTED")).GetProperty("sessionId").GetString();

await alice.SendAsync($$$"""{"event":"SEND_MESSAGE","data":{"sessionId":"{{{session}}}","content":"Hello Bob","type":"text"}}""");
await bob.ExpectAsync("MESSAGE_RECEIVED");
await bob.SendAsync($$$"""{"event":"SEND_MESSAGE","data":{"sessionId":"{{{session}}}","content":"Hello Alice","type":"text"}}""");
await alice.ExpectAsync("MESSAGE_RECEIVED");

await alice.CloseAsync();
await bob.CloseAsync();
return 0;

internal sealed class Client(string name, string token, Uri server, CancellationToken deadline) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server };
    private readonly ClientWebSocket _socket = new();

    public async Task<JsonElement> PostAsync(string path, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        Print(">", $"POST {path} {body}");
        using var response = await _http.SendAsync(request, deadline);
        var answer = await response.Content.ReadAsStringAsync(deadline);
        Print("<", $"{(int)response.StatusCode} {answer}");
        response.EnsureSuccessStatusCode();
        return JsonElement.Parse(answer);
    }

    public async Task SignInAsync()
    {
        var address = new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = "/ws" };
        await _socket.ConnectAsync(address.Uri, deadline);
        await SendAsync($$$"""{"event":"AUTH","data":{"token":"{{{token}}}"}}""");
        await ExpectAsync("AUTH_SUCCESS");
    }

    public async Task SendAsync(string frame)
    {
        Print(">", frame.Replace(token, token[..12] + "...", StringComparison.Ordinal));
        await _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, deadline);
    }

    /// <summary>Reads until the event comes; what others come before it (presence) is printed like it.</summary>
    public async Task<JsonElement> ExpectAsync(string name)
    {
        while (true)
        {
            var frame = JsonElement.Parse(await ReceiveAsync());
            var received = frame.GetProperty("event").GetString();
            if (received == name)
            {
                return frame.GetProperty("data");
            }

            if (received is "ERROR" or "AUTH_FAILED")
            {
                throw new InvalidOperationException($"The server refused; expected {name}.");
            }
        }
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline);

    public void Dispose()
    {
        _socket.Dispose();
        _http.Dispose();
    }

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

    private void Print(string direction, string text) => Console.WriteLine($"{name,-5} {direction} {text}");
}
