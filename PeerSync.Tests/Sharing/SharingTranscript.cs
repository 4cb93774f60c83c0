using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeerSync.Tests.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Replays the HTTP steps of an exchange recorded from the original, in order, against a server.</summary>
/// <remarks>
/// Answers must be the recorded ones in status, body and the headers that clients may look at. Where the contract asks for something else, the test names the line
/// (from 1) and the section; a deviation that is not used fails the test. The numbers of the limits, the origins and <c>X-Powered-By</c> are compared elsewhere.
/// </remarks>
internal sealed partial class SharingTranscript(string name, SharingTestHost host)
{
    private static readonly string[] Compared = ["content-type", "access-control-allow-methods", "cache-control", "pragma", "expires"];

    private readonly RecordedValues _values = new();
    private readonly Dictionary<int, (int Status, string? Body)> _deviations = [];
    private readonly Dictionary<int, Func<Task>> _before = [];
    private readonly HashSet<int> _skipped = [];

    /// <summary>What a name was bound to.</summary>
    public string this[string variable] => _values[variable];

    public SharingTranscript With(string variable, string value)
    {
        _values[variable] = value;
        return this;
    }

    /// <summary>What happens before a line (from 1).</summary>
    public SharingTranscript Before(int line, Func<Task> action)
    {
        _before.Add(line, action);
        return this;
    }

    /// <summary>On this line (from 1) the contract asks for something else than the original did.</summary>
    /// <param name="line">The line of the file.</param>
    /// <param name="contract">Which part of the contract says so.</param>
    /// <param name="status">The status that it asks for.</param>
    /// <param name="body">The body that it asks for: JSON, or plain text; null for the recorded one.</param>
    public SharingTranscript Deviating(int line, string contract, int status, string? body)
    {
        Assert.NotEmpty(contract);
        _deviations.Add(line, (status, body));
        return this;
    }

    /// <summary>These lines belong to another part.</summary>
    public SharingTranscript Skipping(string reason, params int[] lines)
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
            if (_before.Remove(line, out var action))
            {
                await action();
            }

            if (_skipped.Remove(line) || (string?)step["dir"] != "http")
            {
                continue;
            }

            (int, string?)? deviation = _deviations.Remove(line, out var other) ? other : null;
            await ReplayAsync(step, $"{name}, line {line}", deviation);
            replayed++;
        }

        Assert.True(replayed > 0, $"{name} has no HTTP step.");
        Assert.Empty(_before);
        Assert.Empty(_deviations);
        Assert.Empty(_skipped);
    }

    [GeneratedRegex("<([^<>]+)>")]
    private static partial Regex Variable();

    private static List<JsonObject> Load(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var path = Path.Combine(folder.FullName, "PeerSync.Tests", "Sharing", "Transcripts", name + ".jsonl");
        return [.. File.ReadLines(path).Select(static line => JsonNode.Parse(Variable().Replace(line, Rename))!.AsObject())];
    }

    // The recordings do not say in one way what is any number and what any time.
    private static string Rename(Match match) => match.Groups[1].Value switch
    {
        "isoTime" => "<time:iso>",
        "n" or "number seconds" => "<n:number>",
        var rule when rule.StartsWith("int ", StringComparison.Ordinal) => "<n:number>",
        var rule when rule.IndexOf('(', StringComparison.Ordinal) is > 0 and var end => $"<{rule[..end]}>",
        _ => match.Value,
    };

    private async Task ReplayAsync(JsonObject step, string where, (int Status, string? Body)? deviation)
    {
        var request = step["request"]!;
        var expected = step["response"]!;
        var path = _values.Substitute((string)request["path"]!);
        using var message = new HttpRequestMessage(new HttpMethod((string)request["method"]!), path);
        var body = request["body"] switch
        {
            null => null,
            JsonValue raw => (string?)raw,
            var json => _values.Substitute(json.ToJsonString()),
        };
        if (body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (header, value) in request["headers"]!.AsObject())
        {
            if (header == "Content-Type")
            {
                message.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse((string)value!);
            }
            else
            {
                Assert.True(message.Headers.TryAddWithoutValidation(header, _values.Substitute((string)value!)), header);
            }
        }

        using var response = await host.Http.SendAsync(message, PeerSyncTestHost.Cancel);
        var text = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        where = $"{where}: {message.Method} {path}: {(int)response.StatusCode} {text}";
        Assert.True((int)response.StatusCode == (deviation?.Status ?? (int)expected["status"]!), where);
        CompareHeaders(expected["headers"]!.AsObject(), response, deviation is not null, where);
        CompareBody(deviation?.Body is { } other ? Parse(other) : expected["body"], text, where);
    }

    private static JsonNode Parse(string body) => body.StartsWith('{') ? JsonNode.Parse(body)! : JsonValue.Create(body);

    private static void CompareHeaders(JsonObject expected, HttpResponseMessage response, bool deviates, string where)
    {
        foreach (var (header, value) in expected.Where(entry => !deviates && Compared.Contains(entry.Key)))
        {
            var actual = response.Headers.TryGetValues(header, out var found) || response.Content.Headers.TryGetValues(header, out found)
                ? string.Join(", ", found)
                : null;

            // A 401 was text of no stated type.
            var wanted = (string)value! == "application/octet-stream" ? "text/plain; charset=UTF-8" : (string)value!;
            Assert.True(string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase), $"{where}: {header}: {actual}");
        }
    }

    private void CompareBody(JsonNode? expected, string text, string where)
    {
        if (expected is JsonValue value)
        {
            Assert.True((string?)value == text, where);
        }
        else
        {
            _values.AssertSame(expected, JsonNode.Parse(text), where);
        }
    }
}
