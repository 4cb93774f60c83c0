using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeerSync.Actors.Rooms;
using PeerSync.Protocol.Rooms;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>Replays an exchange recorded from one of the product's servers against the real server, over real sockets and HTTP, and compares every answer.</summary>
/// <remarks>
/// Answers must have the recorded members and those that <see cref="RecordedRoom"/> adds, and no other. Where the contract asks for something else than the
/// recorded server did, the test names the line (from 1) and the section; a deviation that is not used fails the test. A socket must have received nothing but
/// what is recorded, which is checked at the end.
/// </remarks>
internal sealed partial class RoomsTranscript(PeerSyncTestHost host, string name) : IAsyncDisposable
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SocketClient> _sockets = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string?> _deviations = [];
    private readonly Dictionary<int, (int Status, string? Body)> _answers = [];
    private readonly Dictionary<(int Line, string Header), string?> _headers = [];
    private readonly Dictionary<int, List<string>> _extra = [];
    private readonly Dictionary<int, Func<Task>> _actions = [];

    /// <summary>The steps of a recording, one a line.</summary>
    public static IReadOnlyList<JsonObject> Load(string name) =>
        [.. File.ReadLines(Path.Combine(Folder, name + ".jsonl")).Select(static line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>Every recording.</summary>
    public static IReadOnlyList<string> Names => [.. Directory.GetFiles(Folder, "*.jsonl").Select(static path => Path.GetFileNameWithoutExtension(path)).Order()];

    /// <summary>What a placeholder was bound to.</summary>
    public string this[string placeholder] => _values[placeholder];

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
            {
                folder = folder.Parent;
            }

            Assert.NotNull(folder);
            return Path.Combine(folder.FullName, "PeerSync.Tests", "Rooms", "Transcripts");
        }
    }

    /// <summary>Gives a placeholder its value.</summary>
    public RoomsTranscript With(string placeholder, string value)
    {
        _values[placeholder] = value;
        return this;
    }

    /// <summary>Leaves out steps.</summary>
    public RoomsTranscript Skip(string rule, params int[] lines)
    {
        Assert.NotEmpty(rule);
        foreach (var line in lines)
        {
            _deviations.Add(line, null);
        }

        return this;
    }

    /// <summary>Expects or sends something else at a step.</summary>
    public RoomsTranscript Replace(int line, string rule, string step)
    {
        Assert.NotEmpty(rule);
        _deviations.Add(line, step);
        return this;
    }

    /// <summary>Expects another frame at a step.</summary>
    public RoomsTranscript Receive(int line, string rule, string frame) => Replace(line, rule, Received((string)Load(name)[line - 1]["conn"]!, frame));

    /// <summary>Expects another answer to an HTTP request; without a body, the recorded one.</summary>
    public RoomsTranscript Answer(int line, string rule, int status, string? body)
    {
        Assert.NotEmpty(rule);
        _answers.Add(line, (status, body));
        return this;
    }

    /// <summary>Expects another header of an HTTP answer; null for none.</summary>
    public RoomsTranscript Header(int line, string rule, string header, string? value)
    {
        Assert.NotEmpty(rule);
        _headers.Add((line, header), value);
        return this;
    }

    /// <summary>Expects more before a step.</summary>
    public RoomsTranscript Before(int line, string rule, params string[] steps)
    {
        Assert.NotEmpty(rule);
        if (!_extra.TryGetValue(line, out var extra))
        {
            _extra[line] = extra = [];
        }

        extra.AddRange(steps);
        return this;
    }

    /// <summary>Does something before a step that the recording tells in a note.</summary>
    public RoomsTranscript At(int line, Func<Task> action)
    {
        _actions.Add(line, action);
        return this;
    }

    /// <summary>A step that receives a frame.</summary>
    public static string Received(string connection, string frame) => $$"""{"conn":"{{connection}}","dir":"recv","json":{{frame}}}""";

    /// <summary>A step that receives an error.</summary>
    public static string Refused(string connection, RoomsError error) => Received(connection, RecordedRoom.Error(error.Text).ToJsonString());

    public async Task ReplayAsync()
    {
        var steps = Load(name);
        for (var line = 1; line <= steps.Count; line++)
        {
            if (_actions.Remove(line, out var action))
            {
                await action();
            }

            _extra.Remove(line, out var extras);
            foreach (var extra in extras ?? [])
            {
                await RunAsync(line, JsonNode.Parse(extra)!.AsObject());
            }

            var deviates = _deviations.Remove(line, out var replacement);
            if (!deviates || replacement is not null)
            {
                await RunAsync(line, deviates ? JsonNode.Parse(replacement!)!.AsObject() : steps[line - 1]);
            }
        }

        await ExpectNothingMoreAsync();
        Assert.Empty(_deviations);
        Assert.Empty(_answers);
        Assert.Empty(_headers);
        Assert.Empty(_extra);
        Assert.Empty(_actions);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values)
        {
            await socket.DisposeAsync();
        }
    }

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^<(\d+) bytes>$")]
    private static partial Regex SizedBody();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IsoTime();

    private async Task RunAsync(int line, JsonObject step)
    {
        var where = $"{name}, line {line}: {step.ToJsonString()}";
        var connection = (string?)step["conn"] ?? string.Empty;
        try
        {
            switch ((string?)step["dir"])
            {
                case "note":
                    break;
                case "http":
                    await CallAsync(line, step["request"]!.AsObject(), step["response"]!.AsObject());
                    break;
                case "open":
                    _sockets[connection] = await host.ConnectAsync((string)step["path"]!);
                    break;
                case "send":
                    await SendAsync(_sockets[connection], step);
                    break;
                case "recv":
                    var frame = RecordedRoom.Frame(step["json"]!.DeepClone().AsObject());
                    var expected = (string?)frame["type"] == "error" ? RecordedRoom.Error((string?)frame["data"]!["error"] ?? (string)frame["data"]!["message"]!) : frame;
                    AssertSame(expected, JsonNode.Parse(await _sockets[connection].ReceiveAsync(expected.ToJsonString())), "$");
                    break;
                case "none":
                    await _sockets[connection].ExpectSilenceAsync(100);
                    break;
                case "close":
                    await CloseAsync(connection, (int)step["code"]! == 1006);
                    break;
                default:
                    Assert.Fail("Unknown step");
                    break;
            }
        }
        catch (Exception exception)
        {
            var pending = _sockets.SelectMany(static socket => socket.Value.TakePending().Select(text => $"{Environment.NewLine}  {socket.Key}: {text}"));
            throw new InvalidOperationException($"{where}: {exception.Message}{Environment.NewLine}Not awaited:{string.Concat(pending)}", exception);
        }
    }

    private Task SendAsync(SocketClient socket, JsonObject step)
    {
        var text = (string?)step["raw"] ?? step["json"]!.ToJsonString();
        var type = (bool?)step["binary"] == true ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        return socket.SendAsync(Fill(text), type);
    }

    private string Fill(string text)
    {
        var now = host.Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var plain = text.Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal).Replace("\"<ts>\"", now, StringComparison.Ordinal);
        return Placeholder().Replace(plain, match => _values.TryGetValue(match.Value, out var value) ? value : throw new InvalidOperationException($"Nothing is bound to {match.Value}."));
    }

    // Whoever asks over HTTP next must find the room without the one who has left.
    private async Task CloseAsync(string connection, bool dropped)
    {
        _sockets.Remove(connection, out var socket);
        Assert.Empty(socket!.TakePending());
        if (dropped)
        {
            socket.Abort();
        }
        else
        {
            await socket.CloseAsync();
        }

        await socket.DisposeAsync();
        var counters = host.Get<RoomsCounters>();
        await Eventually.TrueAsync(
            () => Enum.GetValues<RoomsForm>().Sum(counters.Connections) <= _sockets.Count, () => $"at most {_sockets.Count} sockets");
    }

    private async Task ExpectNothingMoreAsync()
    {
        await Task.Delay(100, TestContext.Current.CancellationToken);
        foreach (var (connection, socket) in _sockets)
        {
            await socket.SendAsync("null");
            var text = await socket.ReceiveAsync("an answer to what is no frame");
            Assert.True((string?)JsonNode.Parse(text)!["data"]?["error"] == RoomsError.InvalidFormat.Text, $"{name}, at its end: {connection}: not recorded: {text}");
        }
    }

    private async Task CallAsync(int line, JsonObject request, JsonObject response)
    {
        var method = (string)request["method"]!;
        var path = (string)request["path"]!;
        using var message = new HttpRequestMessage(new HttpMethod(method), Fill(path));
        var body = (string?)request["rawBody"] ?? request["body"]?.ToJsonString();
        if (body is not null)
        {
            var size = SizedBody().Match(body);
            message.Content = new ByteArrayContent(size.Success
                ? new byte[int.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture)]
                : Encoding.UTF8.GetBytes(request["rawBody"] is null ? Fill(body) : body));
            message.Headers.ExpectContinue = size.Success;
        }

        foreach (var (header, value) in request["headers"]!.AsObject())
        {
            if (header == "Content-Type")
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)value!);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(header, (string)value!);
            }
        }

        using var answer = await host.Http.SendAsync(message, PeerSyncTestHost.Cancel);
        var text = await answer.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        var deviates = _answers.Remove(line, out var deviation);
        var status = deviates ? deviation.Status : (int)response["status"]!;
        Assert.True(status == (int)answer.StatusCode, $"Expected {status}, got {(int)answer.StatusCode} {text}");
        CompareHeaders(line, response["headers"]!.AsObject(), answer, deviates);
        if (deviation.Body is not null)
        {
            AssertSame(JsonNode.Parse(deviation.Body), JsonNode.Parse(text), "$");
        }
        else if (response["body"] is JsonValue value && ((string)value!).StartsWith("<html/text>", StringComparison.Ordinal))
        {
            Assert.Equal(string.Empty, text);
        }
        else
        {
            AssertSame(RecordedRoom.Answer(method, path, status, response["body"]), JsonNode.Parse(text), "$");
        }
    }

    private void CompareHeaders(int line, JsonObject recorded, HttpResponseMessage answer, bool deviates)
    {
        var headers = recorded.Select(static header => header.Key).Union(_headers.Keys.Where(key => key.Line == line).Select(static key => key.Header));
        foreach (var header in headers.ToArray())
        {
            var value = recorded[header];
            var actual = header == "content-length" ? answer.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture)
                : answer.Headers.TryGetValues(header, out var found) || answer.Content.Headers.TryGetValues(header, out found) ? string.Join(", ", found) : null;

            // Section 11: every body is JSON in UTF-8 and says so.
            var isJson = header == "content-type" && (deviates || (string?)value == "application/json");
            var expected = _headers.Remove((line, header), out var other) ? other : isJson ? "application/json; charset=utf-8" : (string?)value;
            Assert.True(string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase), $"Header {header}: expected {expected}, got {actual}");
        }
    }

    private void AssertSame(JsonNode? expected, JsonNode? actual, string at)
    {
        var what = $"{at}: expected {expected?.ToJsonString() ?? "null"}, got {actual?.ToJsonString() ?? "null"}";
        switch (expected)
        {
            case JsonObject members:
                Assert.True(actual is JsonObject, what);
                Assert.True(members.Select(static m => m.Key).Order().SequenceEqual(actual!.AsObject().Select(static m => m.Key).Order()), what);
                foreach (var (member, value) in members)
                {
                    AssertSame(value, actual[member], $"{at}.{member}");
                }

                if (members["peers"] is JsonValue)
                {
                    Assert.Equal((int)actual["peerCount"]!, actual["peers"]!.AsArray().Count);
                }

                break;
            case JsonArray items:
                Assert.True(actual is JsonArray others && others.Count == items.Count, what);
                for (var i = 0; i < items.Count; i++)
                {
                    AssertSame(items[i], actual![i], $"{at}[{i}]");
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && Placeholder().Match(text) is { Success: true } match && match.Length == text.Length:
                AssertPlaceholder(text, actual, what);
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), what);
                break;
        }
    }

    private void AssertPlaceholder(string placeholder, JsonNode? actual, string what)
    {
        var kind = actual?.GetValueKind();
        switch (placeholder)
        {
            case "<ts>":
                Assert.True(kind == JsonValueKind.Number && actual!.AsValue().TryGetValue<long>(out _), what);
                var now = host.Time.GetUtcNow().ToUnixTimeMilliseconds();
                Assert.True((long)actual! <= now && now - (long)actual! < 2 * 3_600_000, what);
                break;
            case "<n>":
                Assert.True(kind == JsonValueKind.Number, what);
                break;
            case "<s>":
                Assert.True(kind == JsonValueKind.String, what);
                break;
            case "<iso>":
                Assert.True(kind == JsonValueKind.String && IsoTime().IsMatch((string)actual!), what);
                break;
            case "<peers>":
                Assert.True(kind == JsonValueKind.Array, what);
                foreach (var peer in actual!.AsArray())
                {
                    string[] members = ["connectedAt", "id", "isHost", "joinedAt", "lastHeartbeat", "name", "userId", "userName"];
                    Assert.Equal(members, peer!.AsObject().Select(static m => m.Key).Order());
                }

                break;
            default:
                Assert.True(kind == JsonValueKind.String, what);
                if (!_values.TryGetValue(placeholder, out var known))
                {
                    _values[placeholder] = known = (string)actual!;
                    Assert.NotEmpty(known);
                }

                Assert.True(known == (string)actual!, what);
                break;
        }
    }
}
