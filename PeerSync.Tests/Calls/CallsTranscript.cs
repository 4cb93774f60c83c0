using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeerSync.Tests.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>Replays the HTTP steps of an exchange recorded from the original, in order, against a server. Its socket steps are others' part.</summary>
internal sealed partial class CallsTranscript(string name, CallsTestHost host)
{
    private readonly RecordedValues _values = new();
    private readonly Dictionary<int, (int Status, string? Body)> _deviations = [];
    private readonly Dictionary<int, Func<Task>> _before = [];
    private readonly Dictionary<int, int> _repeats = [];
    private readonly HashSet<int> _skipped = [];

    /// <summary>Sent with every request: the proof that the original did not ask for.</summary>
    public (string Name, string Value)? Always { get; init; }

    public CallsTranscript With(string variable, string value)
    {
        _values[variable] = value;
        return this;
    }

    /// <summary>What happens before a line (from 1): the part that sockets and time play in the recording.</summary>
    public CallsTranscript Before(int line, Func<Task> action)
    {
        _before[line] = action;
        return this;
    }

    /// <summary>Sends the request of a line so often before, without looking at the answers.</summary>
    public CallsTranscript Repeating(int line, int times)
    {
        _repeats[line] = times;
        return this;
    }

    /// <summary>On this line (from 1) the contract asks for something else than the original did.</summary>
    public CallsTranscript Deviating(int line, string contract, int status, string? body)
    {
        Assert.NotEmpty(contract);
        _deviations[line] = (status, body);
        return this;
    }

    /// <summary>These lines belong to another part.</summary>
    public CallsTranscript Skipping(string reason, params int[] lines)
    {
        Assert.NotEmpty(reason);
        _skipped.UnionWith(lines);
        return this;
    }

    public async Task ReplayAsync()
    {
        var steps = Load(name);
        var replayed = 0;
        for (var line = 1; line <= steps.Count; line++)
        {
            var step = steps[line - 1];
            if (step["dir"]!.GetValue<string>() != "http" || _skipped.Remove(line))
            {
                continue;
            }

            if (_before.Remove(line, out var action))
            {
                await action();
            }

            _repeats.Remove(line, out var times);
            for (var i = 0; i < times; i++)
            {
                using var ignored = await SendAsync(step["request"]!);
            }

            (int, string?)? deviation = _deviations.Remove(line, out var other) ? other : null;
            await ReplayAsync(step, $"{name}, line {line}", deviation);
            replayed++;
        }

        Assert.True(replayed > 0, $"{name} has no HTTP step.");
        Assert.Empty(_before);
        Assert.Empty(_deviations);
        Assert.Empty(_skipped);
        Assert.Empty(_repeats);
    }

    [GeneratedRegex("<([A-Za-z0-9-]+)>")]
    private static partial Regex Variable();

    internal static List<JsonObject> Load(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var path = Path.Combine(folder.FullName, "PeerSync.Tests", "Calls", "Transcripts", name + ".jsonl");
        return [.. File.ReadLines(path).Select(static line => JsonNode.Parse(Variable().Replace(line, Rename))!.AsObject())];
    }

    // The recordings' names have hyphens, and do not say what is any number or any time.
    private static string Rename(Match match) => match.Groups[1].Value switch
    {
        "timestamp" or "moderatedAt" or "seconds" or "bytes" => $"<{match.Groups[1].Value}:number>",
        "iso-8601" => "<iso:iso>",
        var other => $"<{other.Replace('-', '_')}>",
    };

    private async Task<HttpResponseMessage> SendAsync(JsonNode request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request["method"]!.GetValue<string>()), request["path"]!.GetValue<string>());
        var type = "application/json";
        foreach (var (header, value) in request["headers"]!.AsObject())
        {
            var text = _values.Substitute(value!.GetValue<string>());
            if (header == "content-type")
            {
                type = text;
            }
            else
            {
                Assert.True(message.Headers.TryAddWithoutValidation(header, text), header);
            }
        }

        if (Always is { } always)
        {
            message.Headers.Add(always.Name, always.Value);
        }

        var body = request["body"] switch
        {
            null => null,
            JsonValue raw => raw.GetValue<string>(),
            var json => _values.Substitute(json.ToJsonString()),
        };
        if (body is not null || request["headers"]!["content-type"] is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body ?? string.Empty));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return await host.Http.SendAsync(message, PeerSyncTestHost.Cancel);
    }

    private async Task ReplayAsync(JsonObject step, string where, (int Status, string? Body)? deviation)
    {
        var expected = step["response"]!;
        using var response = await SendAsync(step["request"]!);
        var body = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        where = $"{where}: {step["request"]!.ToJsonString()}: {(int)response.StatusCode} {body}";
        Assert.True((int)response.StatusCode == (deviation?.Status ?? expected["status"]!.GetValue<int>()), where);
        foreach (var (header, value) in expected["headers"]!.AsObject())
        {
            var actual = response.Headers.TryGetValues(header, out var found) || response.Content.Headers.TryGetValues(header, out found)
                ? string.Join(", ", found)
                : null;
            Assert.True(deviation is not null || value!.GetValue<string>() == actual, $"{where}: {header}: {actual}");
        }

        var wanted = deviation is { } other ? (other.Body is null ? null : JsonNode.Parse(other.Body)) : expected["body"];
        if (wanted is JsonValue text && text.TryGetValue<string>(out var plain))
        {
            Assert.True(plain == "(omitted)" || body == plain, where);
        }
        else
        {
            _values.AssertSame(wanted, body.Length == 0 ? null : JsonNode.Parse(body), where);
        }
    }
}
