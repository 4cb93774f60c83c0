using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PeerSync.Tests.TestKit;

/// <summary>Replays a recorded exchange against a running server, step by step over real sockets, and compares every answer.</summary>
/// <remarks>
/// A placeholder such as <c>&lt;sessionId1&gt;</c> is bound at first sight and must match from then on. Where the server is meant to behave otherwise than
/// the recorded one, the test names the line and the reason in <see cref="Skip"/> or <see cref="Replace"/>; a deviation that no line uses fails the test.
/// </remarks>
internal sealed partial class Transcript : IAsyncDisposable
{
    private readonly PeerSyncTestHost _host;
    private readonly List<JsonObject> _steps;
    private readonly Dictionary<string, string> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SocketClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string?> _deviations = [];
    private readonly Dictionary<int, string[]> _extra = [];
    private readonly Dictionary<int, Func<Task>> _actions = [];
    private readonly HashSet<string> _pongless = [];

    private Transcript(PeerSyncTestHost host, List<JsonObject> steps)
    {
        _host = host;
        _steps = steps;
    }

    internal static Transcript Load(PeerSyncTestHost host, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Peers", "Transcripts", name + ".jsonl");
        return new Transcript(host, [.. File.ReadLines(path).Select(static line => JsonNode.Parse(line)!.AsObject())]);
    }

    /// <summary>Gives a placeholder its value.</summary>
    internal Transcript Bind(string placeholder, string value)
    {
        _bound[placeholder] = value;
        return this;
    }

    /// <summary>Leaves out steps that the server answers otherwise, because of a rule of the wire specification.</summary>
    internal Transcript Skip(string reason, params int[] lines)
    {
        Assert.NotEmpty(reason);
        foreach (var line in lines)
        {
            _deviations.Add(line, null);
        }

        return this;
    }

    /// <summary>Expects something else at a step, because of a rule of the wire specification.</summary>
    internal Transcript Replace(int line, string step, string reason)
    {
        Assert.NotEmpty(reason);
        _deviations.Add(line, step);
        return this;
    }

    /// <summary>Expects more before a step, because of a rule of the wire specification.</summary>
    internal Transcript Before(int line, string reason, params string[] steps)
    {
        Assert.NotEmpty(reason);
        _extra.Add(line, steps);
        return this;
    }

    /// <summary>Does something before a step (and before what <see cref="Before"/> adds to it) that the recording tells in a note: time passes, the server stops.</summary>
    internal Transcript At(int line, Func<Task> action)
    {
        _actions.Add(line, action);
        return this;
    }

    /// <summary>These connections do not answer pings.</summary>
    internal Transcript Mute(params string[] connections)
    {
        _pongless.UnionWith(connections);
        return this;
    }

    internal async Task ReplayAsync()
    {
        for (var line = 1; line <= _steps.Count; line++)
        {
            if (_actions.TryGetValue(line, out var action))
            {
                await action();
            }

            foreach (var extra in _extra.GetValueOrDefault(line, []))
            {
                await RunAsync(line, JsonNode.Parse(extra)!.AsObject());
            }

            var step = _steps[line - 1];
            if (_deviations.TryGetValue(line, out var replacement))
            {
                if (replacement is null)
                {
                    continue;
                }

                step = JsonNode.Parse(replacement)!.AsObject();
            }

            await RunAsync(line, step);
        }

        Assert.DoesNotContain(_deviations.Keys.Concat(_extra.Keys).Concat(_actions.Keys), line => line > _steps.Count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            await client.DisposeAsync();
        }
    }

    [GeneratedRegex("<([A-Za-z0-9]+)(:lowercase)?>")]
    private static partial Regex Placeholder();

    private static bool IsFree(string name) => name is "timestamp" or "epochMs" or "iat";

    private async Task RunAsync(int line, JsonObject step)
    {
        try
        {
            var connection = (string?)step["conn"] ?? string.Empty;
            switch ((string?)step["dir"])
            {
                case "note":
                    break;
                case "http":
                    await HttpAsync(step["request"]!.AsObject(), step["response"]!.AsObject());
                    break;
                case "open":
                    _clients[connection] = await OpenAsync(step);
                    if (step["acceptedProtocol"] is { } protocol)
                    {
                        Assert.Equal((string?)protocol, _clients[connection].SubProtocol);
                    }

                    break;
                case "open-failed":
                    await Assert.ThrowsAnyAsync<WebSocketException>(() => OpenAsync(step));
                    break;
                case "send":
                    await SendAsync(_clients[connection], step);
                    break;
                case "recv":
                    var text = await _clients[connection].ReceiveAsync(step["json"]!.ToJsonString());
                    Compare(step["json"], JsonNode.Parse(text), "$");
                    break;
                case "recv-any":
                    await ReceiveAnyAsync(_clients[connection], [.. step["json"]!.AsArray()]);
                    break;
                case "abort":
                    _clients[connection].Abort();
                    break;
                case "close" when (string?)step["by"] == "client":
                    await _clients[connection].CloseAsync();
                    break;
                case "close":
                    var (code, reason) = await _clients[connection].WaitForCloseAsync();
                    Assert.Equal(((int)step["code"]!, (string)step["reason"]!), (code, reason));
                    break;
                default:
                    Assert.Fail($"Unknown step {step.ToJsonString()}");
                    break;
            }
        }
        catch (Exception exception)
        {
            var pending = _clients.SelectMany(static client => client.Value.TakePending().Select(text => $"{Environment.NewLine}  {client.Key}: {text}"));
            throw new InvalidOperationException(
                $"Line {line}: {step.ToJsonString()}: {exception.Message}{Environment.NewLine}Not awaited:{string.Concat(pending)}", exception);
        }
    }

    private Task<SocketClient> OpenAsync(JsonObject step) => _host.ConnectAsync((string)step["path"]!, options =>
    {
        foreach (var (name, value) in step["headers"]?.AsObject() ?? [])
        {
            options.SetRequestHeader(name, (string)value!);
        }

        foreach (var protocol in step["offeredProtocols"]?.AsArray() ?? [])
        {
            options.AddSubProtocol((string)protocol!);
        }
    }, answerPings: !_pongless.Contains((string)step["conn"]!));

    // What different entities say at the same moment arrives in no guaranteed order.
    private async Task ReceiveAnyAsync(SocketClient client, List<JsonNode?> expected)
    {
        while (expected.Count > 0)
        {
            var text = await client.ReceiveAsync(string.Join(" or ", expected.Select(static node => node!.ToJsonString())));
            var index = expected.FindIndex(node => JsonNode.DeepEquals(JsonNode.Parse(Fill(Unescape(node!.ToJsonString()))), JsonNode.Parse(text)));
            Assert.True(index >= 0, $"Unexpected {text}");
            expected.RemoveAt(index);
        }
    }

    private Task SendAsync(SocketClient client, JsonObject step)
    {
        var text = step["raw"] is { } raw ? (string)raw! : step["json"]!.ToJsonString();
        var type = (bool?)step["binary"] == true ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        return client.SendAsync(Fill(Unescape(text)), type);
    }

    // System.Text.Json escapes the angle brackets of placeholders.
    private static string Unescape(string json) =>
        json.Replace("\\u003C", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003E", ">", StringComparison.OrdinalIgnoreCase);

    private string Fill(string text) => Placeholder().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        if (IsFree(name))
        {
            return _host.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        Assert.True(_bound.TryGetValue(name, out var value), $"Nothing is bound to <{name}>.");
        return match.Groups[2].Success ? value!.ToLowerInvariant() : value!;
    });

    private async Task HttpAsync(JsonObject request, JsonObject response)
    {
        using var message = new HttpRequestMessage(new HttpMethod((string)request["method"]!), new Uri(_host.Address, "/"));
        var target = (string)request["path"]!;
        message.RequestUri = new Uri($"{_host.Address.GetLeftPart(UriPartial.Authority)}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var contentType = string.Empty;
        foreach (var (name, value) in request["headers"]?.AsObject() ?? [])
        {
            if (name == "content-type")
            {
                contentType = (string)value!;
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, Fill((string)value!));
            }
        }

        if (Body(request["body"]) is { } body)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Fill(body)));
        }
        else if (contentType.Length > 0)
        {
            message.Content = new ByteArrayContent([]);
        }

        if (contentType.Length > 0)
        {
            message.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using var answer = await _host.Http.SendAsync(message, PeerSyncTestHost.Cancel);
        var text = await answer.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        Assert.True((HttpStatusCode)(int)response["status"]! == answer.StatusCode, $"Expected {response["status"]}, got {(int)answer.StatusCode} {text}");
        CompareHeaders(response["headers"]!.AsObject(), answer);
        if (response["body"] is JsonObject expected)
        {
            Compare(expected, JsonNode.Parse(text), "$");
        }
        else
        {
            Assert.Equal((string)response["body"]!, text);
        }
    }

    private static string? Body(JsonNode? body) => body switch
    {
        null => null,
        JsonObject o when o["raw"] is { } raw => (string)raw!,
        JsonObject o when o["rawBytes"] is { } size => $$"""{"inviteCode":"{{new string('A', (int)size - 17)}}"}""",
        _ => Unescape(body.ToJsonString()),
    };

    private static void CompareHeaders(JsonObject expected, HttpResponseMessage answer)
    {
        foreach (var (name, value) in expected)
        {
            var actual = answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
                ? string.Join(", ", values)
                : "(none)";
            Assert.True(string.Equals((string)value!, actual, StringComparison.OrdinalIgnoreCase), $"Header {name}: expected {value}, got {actual}");
        }
    }

    private void Compare(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                var names = members.Select(static member => member.Key);
                Assert.True(actual is JsonObject, $"{path}: expected an object, got {actual?.ToJsonString()}");
                Assert.Equal(names, actual!.AsObject().Select(static member => member.Key));
                foreach (var (name, value) in members)
                {
                    Compare(value, actual[name], $"{path}.{name}");
                }

                break;
            case JsonArray items:
                Assert.True(actual is JsonArray array && array.Count == items.Count, $"{path}: expected {items.Count} items, got {actual?.ToJsonString()}");
                for (var i = 0; i < items.Count; i++)
                {
                    Compare(items[i], actual![i], $"{path}[{i}]");
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && Placeholder().Match(text) is { Success: true } match && match.Length == text.Length:
                Bind(match.Groups[1].Value, actual, path);
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: expected {expected?.ToJsonString()}, got {actual?.ToJsonString()}");
                break;
        }
    }

    private void Bind(string name, JsonNode? actual, string path)
    {
        if (name == "epochMs")
        {
            var now = _host.Time.GetUtcNow().ToUnixTimeMilliseconds();
            Assert.InRange((long)actual!, now - 60_000, now);
            return;
        }

        var text = (string?)actual;
        Assert.False(string.IsNullOrEmpty(text), $"{path}: <{name}> is empty");
        if (name == "timestamp")
        {
            Assert.True(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _), $"{path}: {text} is not a time");
        }
        else if (_bound.TryGetValue(name, out var known))
        {
            Assert.True(known == text, $"{path}: <{name}> was {known} and is {text}");
        }
        else
        {
            Assert.DoesNotContain(text!, _bound.Values);
            _bound[name] = text!;
        }
    }
}
