using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Peers;

/// <summary>Replays the HTTP steps of an exchange recorded from the original, in order, against a server.</summary>
/// <remarks>
/// <c>&lt;name&gt;</c> stands for a value: given before, or learnt from the first answer that has it and the same from then on;
/// <c>&lt;timestamp&gt;</c> is any text.
/// </remarks>
internal sealed partial class HttpTranscript(string name, HttpTestServer server)
{
    private static readonly string[] ComparedHeaders =
    [
        "access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods", "access-control-allow-headers", "vary",
        "content-type",
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (int Status, string Body)> _deviations = [];

    public HttpTranscript With(string variable, string value)
    {
        _values[variable] = value;
        return this;
    }

    /// <summary>On this line (from 1) the contract asks for something else than the original did.</summary>
    /// <param name="line">The line of the file.</param>
    /// <param name="contract">Which part of the contract says so.</param>
    /// <param name="status">The status that it asks for.</param>
    /// <param name="body">The JSON that it asks for, or empty.</param>
    public HttpTranscript Deviating(int line, string contract, int status, string body)
    {
        Assert.NotEmpty(contract);
        _deviations[line] = (status, body);
        return this;
    }

    /// <param name="before">Called with each line before it is replayed.</param>
    public async Task ReplayAsync(Action<int>? before = null)
    {
        var lines = await File.ReadAllLinesAsync(FindFile(name));
        var replayed = 0;
        for (var line = 1; line <= lines.Length; line++)
        {
            var step = JsonNode.Parse(lines[line - 1])!;
            if (step["dir"]!.GetValue<string>() != "http")
            {
                continue;
            }

            before?.Invoke(line);
            await ReplayStepAsync(line, step["request"]!, step["response"]!);
            replayed++;
        }

        Assert.True(replayed > 0, $"{name} has no HTTP step.");
        Assert.All(_deviations.Keys, line => Assert.InRange(line, 1, lines.Length));
    }

    [GeneratedRegex("<([A-Za-z0-9]+)(:lowercase)?>")]
    private static partial Regex Variable();

    private static string FindFile(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "PeerSync.Tests", "Peers", "Transcripts", name + ".jsonl");
    }

    private async Task ReplayStepAsync(int line, JsonNode request, JsonNode expected)
    {
        var method = request["method"]!.GetValue<string>();
        var path = request["path"]!.GetValue<string>();
        using var content = ContentOf(request);
        var headers = request["headers"]!.AsObject()
            .Where(header => header.Key != "content-type")
            .Select(header => (header.Key, Substitute(header.Value!.GetValue<string>())));
        using var response = await server.SendAsync(new HttpMethod(method), path, content: content, headers: [.. headers]);
        var body = await response.Content.ReadAsStringAsync();
        var where = $"{name}, line {line}: {method} {path}: {(int)response.StatusCode} {body}";
        var deviates = _deviations.TryGetValue(line, out var deviation);
        Assert.True((int)response.StatusCode == (deviates ? deviation.Status : expected["status"]!.GetValue<int>()), where);
        if (!deviates)
        {
            AssertHeaders(response, expected["headers"]!.AsObject(), where);
        }

        AssertBody(deviates ? ParseBody(deviation.Body) : expected["body"], body, where);
    }

    private static JsonNode? ParseBody(string body) => body.Length == 0 ? string.Empty : JsonNode.Parse(body);

    private ByteArrayContent? ContentOf(JsonNode request)
    {
        var type = request["headers"]!["content-type"]?.GetValue<string>();
        if (type is null)
        {
            return null;
        }

        var text = request["body"] switch
        {
            null => string.Empty,
            JsonObject raw when raw["raw"] is { } value => Substitute(value.GetValue<string>()),
            JsonObject raw when raw["rawBytes"] is { } length => $$"""{"inviteCode":"{{new string('x', length.GetValue<int>() - 17)}}"}""",
            { } json => Substitute(json.ToJsonString()),
        };
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>JSON text escapes the brackets of a variable.</summary>
    private string Substitute(string text) => Variable().Replace(
        text.Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal),
        match =>
        {
            var value = _values[match.Groups[1].Value];
            return match.Groups[2].Success ? value.ToLowerInvariant() : value;
        });

    private static void AssertHeaders(HttpResponseMessage response, JsonObject expected, string where)
    {
        foreach (var header in ComparedHeaders)
        {
            var actual = response.Headers.TryGetValues(header, out var values) || response.Content.Headers.TryGetValues(header, out values)
                ? string.Join(", ", values)
                : null;
            Assert.True(expected[header]?.GetValue<string>() == actual, $"{where}: {header}: {actual}");
        }

        if (expected["content-length"]?.GetValue<string>() is { } length)
        {
            Assert.True(response.Content.Headers.ContentLength?.ToString() == length, $"{where}: the length is {response.Content.Headers.ContentLength}");
        }
    }

    private void AssertBody(JsonNode? expected, string body, string where)
    {
        if (expected is JsonValue text && text.GetValue<string>().Length == 0)
        {
            Assert.True(body.Length == 0, where);
            return;
        }

        AssertSame(expected, JsonNode.Parse(body), where);
    }

    private void AssertSame(JsonNode? expected, JsonNode? actual, string where)
    {
        if (expected is JsonObject members)
        {
            var others = Assert.IsType<JsonObject>(actual);
            Assert.True(members.Select(static member => member.Key).SequenceEqual(others.Select(static member => member.Key)), where);
            foreach (var (member, value) in members)
            {
                AssertSame(value, others[member], where);
            }
        }
        else if (expected is JsonValue value && value.TryGetValue<string>(out var text) && Variable().Match(text) is { Success: true } variable
            && variable.Length == text.Length)
        {
            var found = actual!.GetValue<string>();
            var known = variable.Groups[1].Value;
            if (known != "timestamp" && !_values.TryAdd(known, found))
            {
                Assert.True(_values[known] == found, where);
            }
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(expected, actual), where);
        }
    }
}
