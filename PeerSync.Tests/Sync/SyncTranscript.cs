using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeerSync.Actors.Sync;
using PeerSync.Protocol.Cryptography;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>Replays an exchange recorded from the original against the real server, over real sockets and HTTP, and compares every answer.</summary>
/// <remarks>
/// <para>
/// Keys, nonces, signatures and ids are made as a client makes them, and each hello's signature is verified. Stream numbers must count each stream of each user
/// from 1 without a gap. A socket must have received nothing but what is recorded, which is checked when it ends.
/// </para>
/// <para>
/// Where the contract asks for something else than the original did, the test names the line (from 1) and the rule; a deviation that is not used fails
/// the test.
/// </para>
/// </remarks>
internal sealed class SyncTranscript : IAsyncDisposable
{
    private const string PushRule = "4.5, promised: what was missed is pushed after the login";

    private readonly string _name;
    private readonly PeerSyncTestHost _host;
    private readonly RecordedValues _values;
    private readonly Dictionary<string, SyncIdentity> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedSocket> _sockets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string UserId, string StreamId), Dictionary<string, long>> _streams = [];
    private readonly Dictionary<int, string?> _deviations = [];
    private readonly Dictionary<int, (int Status, string Body)> _answers = [];
    private readonly Dictionary<int, List<string>> _extra = [];
    private readonly Dictionary<int, Func<Task>> _actions = [];
    private readonly Dictionary<string, string[]> _pushes = [];
    private readonly HashSet<int> _forged = [];
    private readonly HashSet<string> _pongless = [];
    private bool _hasManyAddresses;

    internal SyncTranscript(PeerSyncTestHost host, string name)
    {
        _host = host;
        _name = name;
        _values = new RecordedValues { Make = Make, Checks = CheckMember };
    }

    internal SyncTranscript With(string name, string value)
    {
        _values[name] = value;
        return this;
    }

    /// <summary>Leaves out steps.</summary>
    internal SyncTranscript Skip(string rule, params int[] lines)
    {
        Assert.NotEmpty(rule);
        foreach (var line in lines)
        {
            _deviations.Add(line, null);
        }

        return this;
    }

    /// <summary>Expects something else at a step.</summary>
    internal SyncTranscript Replace(int line, string step, string rule)
    {
        Assert.NotEmpty(rule);
        _deviations.Add(line, step);
        return this;
    }

    /// <summary>Expects another answer to an HTTP request.</summary>
    internal SyncTranscript Answer(int line, string rule, int status, string body)
    {
        Assert.NotEmpty(rule);
        _answers.Add(line, (status, body));
        return this;
    }

    /// <summary>Expects more before a step.</summary>
    internal SyncTranscript Before(int line, string rule, params string[] steps)
    {
        Assert.NotEmpty(rule);
        if (!_extra.TryGetValue(line, out var extra))
        {
            _extra[line] = extra = [];
        }

        extra.AddRange(steps);
        return this;
    }

    /// <summary>Takes a step at another place: a recording has one order of what happened on several connections at the same time.</summary>
    internal SyncTranscript Move(int line, int before, string why) =>
        Before(before, why, RestTranscript.Load(_name)[line - 1].ToJsonString()).Skip(why, line);

    /// <summary>Does something before a step (and before what <see cref="Before"/> adds to it) that the recording tells in a note.</summary>
    internal SyncTranscript At(int line, Func<Task> action)
    {
        _actions.Add(line, action);
        return this;
    }

    /// <summary>After its login a connection gets these events in a page that it did not ask for.</summary>
    internal SyncTranscript Pushed(string connection, params string[] eventIds)
    {
        _pushes.Add(connection, eventIds);
        return this;
    }

    /// <summary>The signature that is made for this line is somebody else's.</summary>
    internal SyncTranscript Forge(params int[] lines)
    {
        _forged.UnionWith(lines);
        return this;
    }

    /// <summary>These connections do not answer pings.</summary>
    internal SyncTranscript Mute(params string[] connections)
    {
        _pongless.UnionWith(connections);
        return this;
    }

    /// <summary>Every connection comes from a client address of its own.</summary>
    internal SyncTranscript FromManyAddresses()
    {
        _hasManyAddresses = true;
        return this;
    }

    internal SocketClient Client(string connection) => _sockets[connection].Client;

    internal string ValueOf(string name) => _values[name];

    internal async Task ReplayAsync()
    {
        var steps = RestTranscript.Load(_name);
        for (var line = 1; line <= steps.Count; line++)
        {
            if (_actions.Remove(line, out var action))
            {
                await action();
            }

            _extra.Remove(line, out var extras);
            foreach (var extra in extras ?? [])
            {
                await RunAsync(line, JsonNode.Parse(extra)!.AsObject(), null);
            }

            var deviates = _deviations.Remove(line, out var replacement);
            if (!deviates || replacement is not null)
            {
                await RunAsync(line, deviates ? JsonNode.Parse(replacement!)!.AsObject() : steps[line - 1], line < steps.Count ? steps[line] : null);
            }
        }

        foreach (var (connection, socket) in _sockets)
        {
            await socket.ExpectNothingMoreAsync($"{_name}, at its end: {connection}");
        }

        Assert.Empty(_deviations);
        Assert.Empty(_answers);
        Assert.Empty(_extra);
        Assert.Empty(_actions);
        Assert.Empty(_pushes);
        Assert.Empty(_forged);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values)
        {
            await socket.Client.DisposeAsync();
        }
    }

    private async Task RunAsync(int line, JsonObject step, JsonObject? next)
    {
        var where = $"{_name}, line {line}";
        var connection = (string?)step["conn"] ?? string.Empty;
        try
        {
            switch ((string?)step["dir"])
            {
                case "note" when (string?)step["text"] == "handshake done":
                    await HandshakeAsync(line, connection);
                    break;
                case "note" or "error":
                    break;
                case "http":
                    (int, string)? deviation = _answers.Remove(line, out var answer) ? answer : null;
                    await RecordedRequest.ReplayAsync(_host.Http, _values, step, where, deviation);
                    break;
                case "open" when next is not null && (string?)next["dir"] == "error":
                    await ExpectRefusalAsync(step, next!);
                    break;
                case "open":
                    _sockets[connection] = new RecordedSocket(await OpenAsync(step));
                    break;
                case "send":
                    await SendAsync(line, _sockets[connection], step);
                    break;
                case "recv":
                    await ReceiveAsync(connection, step["json"]!.AsObject(), where);
                    break;
                case "close" when (string?)step["by"] == "client":
                    await _sockets[connection].ExpectNothingMoreAsync(where);
                    await _sockets[connection].Client.CloseAsync();
                    await ExpectDepartureAsync(_sockets[connection]);
                    break;
                case "close" when _sockets.TryGetValue(connection, out var socket):
                    Assert.Equal(((int)step["code"]!, (string)step["reason"]!), await socket.Client.WaitForCloseAsync());
                    await socket.ExpectNothingMoreAsync(where);
                    await ExpectDepartureAsync(socket);
                    break;
                case "close":
                    // What was never opened.
                    break;
                default:
                    Assert.Fail($"Unknown step {step.ToJsonString()}");
                    break;
            }
        }
        catch (Exception exception)
        {
            var pending = _sockets.SelectMany(
                static socket => socket.Value.Client.TakePending().Select(text => $"{Environment.NewLine}  {socket.Key}: {Cut(text)}"));
            throw new InvalidOperationException(
                $"{where}: {Cut(step.ToJsonString())}: {exception.Message}{Environment.NewLine}Not awaited:{string.Concat(pending)}", exception);
        }
    }

    private Task<SocketClient> OpenAsync(JsonObject step)
    {
        var connection = (string)step["conn"]!;
        return _host.ConnectAsync(
            (string)step["path"]!,
            options =>
            {
                if (_hasManyAddresses)
                {
                    options.SetRequestHeader("X-Forwarded-For", $"192.0.2.{_sockets.Count + 1}");
                }
            },
            answerPings: !_pongless.Contains(connection));
    }

    private async Task ExpectRefusalAsync(JsonObject step, JsonObject error)
    {
        var refusal = await Assert.ThrowsAnyAsync<WebSocketException>(() => OpenAsync(step));
        Assert.StartsWith("Unexpected server response", (string)error["text"]!, StringComparison.Ordinal);

        // No client sees the status; the original has 400 for a path that it does not know.
        Assert.Contains("'404'", refusal.Message, StringComparison.Ordinal);
    }

    // The recorder waited a moment after each end: whoever comes next is not told of it any more.
    private Task ExpectDepartureAsync(RecordedSocket socket)
    {
        socket.IsEstablished = false;
        var online = _sockets.Values.Count(static other => other.IsEstablished);
        var counters = _host.Get<SyncCounters>();
        return Eventually.TrueAsync(() => counters.DevicesOnline <= online, () => $"{online} devices online; there are {counters.DevicesOnline}");
    }

    // The recording leaves out what every login has in common.
    private async Task HandshakeAsync(int line, string connection)
    {
        var device = $"dev{connection.TrimStart('c')}.deviceId";
        string[] steps =
        [
            $$"""
            {"dir":"send","json":{"type":"client_hello","client_ephemeral_pub":"<clientEphemeralPub.{{connection}}>","nonce_c":"<nonceC.{{connection}}>"} }
            """,
            $$"""
            {"dir":"recv","json":{"type":"server_hello","payload":{"type":"server_hello","server_ephemeral_pub":"<serverEphemeralPub.{{connection}}>",
             "server_identity_pub":"<serverIdentityPub>","server_signature":"<serverSignature.{{connection}}>","nonce_s":"<nonceS.{{connection}}>"} } }
            """,
            $$"""
            {"dir":"send","json":{"type":"client_auth","user_id":"<alice.userId>","device_id":"<{{device}}>",
             "client_signature":"<clientSignature.{{connection}}>","nonce_c2":"<nonceC2.{{connection}}>"} }
            """,
            $$"""
            {"dir":"recv","json":{"type":"session_established","payload":{"type":"session_established","device_id":"<{{device}}>","last_ack_device_seq":0,
             "expires_at":"<expires_at:number>"} } }
            """,
        ];
        foreach (var step in steps)
        {
            var node = JsonNode.Parse(step)!.AsObject();
            node["conn"] = connection;
            await RunAsync(line, node, null);
        }
    }

    private async Task SendAsync(int line, RecordedSocket socket, JsonObject step)
    {
        var json = step["json"] as JsonObject;
        var inner = json?["payload"] as JsonObject ?? json;
        if ((string?)json?["type"] == "client_auth" && inner!["client_signature"]?.GetValue<string>() is { } placeholder
            && placeholder.StartsWith('<') && !_values.IsBound(placeholder[1..^1]))
        {
            _values[placeholder[1..^1]] = Sign(line, socket, TextOf(inner["user_id"]), TextOf(inner["device_id"]));
        }

        var text = RecordedValues.Lengthen(_values.Substitute((string?)step["raw"] ?? step["json"]?.ToJsonString() ?? "null"));
        if ((string?)json?["type"] == "client_hello")
        {
            socket.NonceC = TextOf(inner!["nonce_c"]);
        }

        await socket.Client.SendAsync(text);
    }

    private string TextOf(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue<string>(out var name) ? _values.Substitute(name) : string.Empty;

    private string Sign(int line, RecordedSocket socket, string userId, string deviceId)
    {
        var owner = _identities.Values.FirstOrDefault(identity => string.Equals(identity.UserId, userId, StringComparison.OrdinalIgnoreCase));
        var signer = _forged.Remove(line) ? new SyncIdentity() : owner ?? IdentityOf("alice");
        var text = userId + deviceId + socket.NonceC + socket.Hello!["nonce_s"] + socket.Hello["server_ephemeral_pub"];
        return signer.Sign(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private async Task ReceiveAsync(string connection, JsonObject expected, string where)
    {
        var socket = _sockets[connection];
        var text = await socket.Client.ReceiveAsync(expected.ToJsonString());
        var actual = JsonNode.Parse(text)!.AsObject();
        _values.AssertSame(expected, actual, $"{where}: {Cut(text)}");
        switch ((string?)expected["type"])
        {
            case "server_hello":
                socket.Hello = actual["payload"]!.AsObject();
                AssertSigned(socket);
                break;
            case "session_established":
                socket.IsEstablished = true;
                if (_pushes.Remove(connection, out var eventIds))
                {
                    await ExpectPushAsync(socket, eventIds);
                }

                break;
        }
    }

    private static void AssertSigned(RecordedSocket socket)
    {
        var hello = socket.Hello!;
        var identity = (string)hello["server_identity_pub"]!;
        var text = identity + hello["server_ephemeral_pub"] + socket.NonceC + hello["nonce_s"];
        var signature = Convert.FromHexString((string)hello["server_signature"]!);
        Assert.True(
            Ed25519.Verify(Convert.FromHexString(identity), SHA256.HashData(Encoding.UTF8.GetBytes(text)), signature),
            "The server's signature is wrong.");
    }

    private async Task ExpectPushAsync(RecordedSocket socket, string[] eventIds)
    {
        var text = await socket.Client.ReceiveAsync(PushRule);
        var page = JsonNode.Parse(text)!["payload"]!;
        Assert.Equal("replay_response", (string?)page["type"]);
        Assert.Equal(eventIds.Select(id => _values[id]), page["events"]!.AsArray().Select(static item => (string)item!["event_id"]!));
        Assert.False((bool)page["has_more"]!);
        Assert.Equal(eventIds.Length, (int)page["total_events"]!);
        foreach (var item in page["events"]!.AsArray())
        {
            CheckMember("stream_seq", item!.AsObject(), text);
        }
    }

    private string? Make(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return name switch
        {
            _ when name.EndsWith(".userId", StringComparison.Ordinal) => IdentityOf(name[..dot]).UserId,
            _ when name.EndsWith(".userId.upper", StringComparison.Ordinal) => IdentityOf(name[..dot]).UserId.ToUpperInvariant(),
            _ when name.EndsWith(".seed", StringComparison.Ordinal) => IdentityOf(name[..dot]).PrivateKeyHex,
            _ when name.EndsWith(".deviceId", StringComparison.Ordinal) => Guid.NewGuid().ToString(),
            _ when name.StartsWith("eventId", StringComparison.Ordinal) => Guid.CreateVersion7(_host.Time.GetUtcNow()).ToString(),
            _ when name.StartsWith("nonceC", StringComparison.Ordinal) => RandomNumberGenerator.GetHexString(64, lowercase: true),
            _ when name.StartsWith("clientEphemeralPub", StringComparison.Ordinal) => SyncClient.CreateEphemeralKey(),
            _ => null,
        };
    }

    private SyncIdentity IdentityOf(string person)
    {
        if (!_identities.TryGetValue(person, out var identity))
        {
            _identities[person] = identity = new SyncIdentity();
        }

        return identity;
    }

    // The original counted a stream's events for all users together, and for repeated ones again (F9).
    private bool CheckMember(string member, JsonObject actual, string where)
    {
        switch (member)
        {
            case "stream_seq" when actual[member]!.GetValueKind() == JsonValueKind.String:
                var eventOfFile = (string)actual["event_id"]!;
                var number = long.Parse((string)actual[member]!, CultureInfo.InvariantCulture);
                Assert.Contains(_streams.Values, known => known.GetValueOrDefault(eventOfFile) == number);
                return true;
            case "stream_seq":
                var stream = ((string?)actual["user_id"] ?? string.Empty, (string)actual["stream_id"]!);
                if (!_streams.TryGetValue(stream, out var numbers))
                {
                    _streams[stream] = numbers = new Dictionary<string, long>(StringComparer.Ordinal);
                }

                var eventId = (string)actual["event_id"]!;
                var expected = numbers.TryGetValue(eventId, out var known) ? known : numbers.Count + 1;
                Assert.True(expected == (long)actual["stream_seq"]!, $"Expected stream_seq {expected}: {where}");
                numbers[eventId] = expected;
                return true;
            case "created_at" or "timestamp" when actual[member]!.GetValueKind() == JsonValueKind.Number:
                var now = _host.Time.GetUtcNow().ToUnixTimeMilliseconds();
                Assert.InRange((long)actual[member]!, now - 60_000, now);
                return true;
            default:
                return false;
        }
    }

    private static string Cut(string text) => text.Length <= 1000 ? text : text[..1000] + "...";

    private sealed class RecordedSocket(SocketClient client)
    {
        internal SocketClient Client { get; } = client;

        internal string NonceC { get; set; } = string.Empty;

        internal JsonObject? Hello { get; set; }

        internal bool IsEstablished { get; set; }

        // An answer comes behind everything that was on its way before it was asked for.
        internal async Task ExpectNothingMoreAsync(string where)
        {
            if (IsEstablished && !Client.Closed.IsCompleted)
            {
                await Client.SendAsync("""{"type":"ping"}""");
                var text = await Client.ReceiveAsync("pong");
                Assert.True(text.StartsWith("""{"type":"pong",""", StringComparison.Ordinal), $"{where}: not recorded: {text}");
            }

            Assert.Empty(Client.TakePending());
        }
    }
}
