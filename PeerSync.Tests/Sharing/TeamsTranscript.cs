using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Tests.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Replays an exchange recorded from the original, in order, against a server.</summary>
internal sealed class TeamsTranscript(string name, SharingTestHost host)
{
    private readonly RecordedValues _values = new();
    private readonly Dictionary<int, (int Status, string Body)> _deviations = [];
    private readonly Dictionary<int, Func<Task>> _before = [];
    private readonly HashSet<string> _added = [];
    private readonly HashSet<string> _unseen = [];

    public TeamsTranscript With(string variable, string value)
    {
        _values[variable] = value;
        return this;
    }

    /// <summary>What happens before a line (from 1): the part of the clock and of the database in the recording.</summary>
    public TeamsTranscript Before(int line, Func<Task> action)
    {
        _before[line] = action;
        return this;
    }

    /// <summary>On this line (from 1) the contract asks for something else than the original did.</summary>
    /// <param name="line">The line.</param>
    /// <param name="contract">The contract's section.</param>
    /// <param name="status">The status.</param>
    /// <param name="body">JSON, or plain text.</param>
    public TeamsTranscript Deviating(int line, string contract, int status, string body)
    {
        Assert.NotEmpty(contract);
        _deviations[line] = (status, body);
        return this;
    }

    /// <summary>Members that answers have beside those of the original.</summary>
    public TeamsTranscript Adding(string contract, params string[] members)
    {
        Assert.NotEmpty(contract);
        _added.UnionWith(members);
        _unseen.UnionWith(members);
        return this;
    }

    public async Task ReplayAsync()
    {
        var steps = Load();
        for (var line = 1; line <= steps.Count; line++)
        {
            var step = steps[line - 1];
            if (step["dir"]!.GetValue<string>() != "http")
            {
                continue;
            }

            if (_before.Remove(line, out var action))
            {
                await action();
            }

            (int, string)? deviation = _deviations.Remove(line, out var other) ? other : null;
            await ReplayAsync(step, $"{name}, line {line}", deviation);
        }

        Assert.Empty(_before);
        Assert.Empty(_deviations);
        Assert.Empty(_unseen);
    }

    // Members have no order: the original's database sorted them by their length.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.OrderBy(static member => member.Key, StringComparer.Ordinal)
                .Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    // Ids are names of members too, and known before.
    private JsonNode? Named(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(_values.Substitute(member.Key), Named(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Named)]),
        _ => node?.DeepClone(),
    };

    private List<JsonObject> Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var path = Path.Combine(folder.FullName, "PeerSync.Tests", "Sharing", "Transcripts", name + ".jsonl");
        return [.. File.ReadLines(path).Select(static line => JsonNode.Parse(line.Replace("<isoTime>", "<iso:iso>", StringComparison.Ordinal))!.AsObject())];
    }

    private async Task<HttpResponseMessage> SendAsync(JsonNode request)
    {
        var path = _values.Substitute(request["path"]!.GetValue<string>());
        using var message = new HttpRequestMessage(new HttpMethod(request["method"]!.GetValue<string>()), path);
        var headers = request["headers"]!.AsObject();
        if (headers["Authorization"] is { } authorization)
        {
            message.Headers.Authorization = AuthenticationHeaderValue.Parse(_values.Substitute(authorization.GetValue<string>()));
        }

        if (request["body"] is { } body)
        {
            var text = _values.Substitute(body is JsonValue raw ? raw.GetValue<string>() : body.ToJsonString());
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(headers["Content-Type"]!.GetValue<string>());
        }

        return await host.Http.SendAsync(message, PeerSyncTestHost.Cancel);
    }

    private async Task ReplayAsync(JsonObject step, string where, (int Status, string Body)? deviation)
    {
        var expected = step["response"]!;
        using var response = await SendAsync(step["request"]!);
        var body = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        where = $"{where}: {step["request"]!.ToJsonString()}: {(int)response.StatusCode} {body}";
        Assert.True((int)response.StatusCode == (deviation?.Status ?? expected["status"]!.GetValue<int>()), where);
        var type = response.Content.Headers.ContentType?.ToString();
        var wanted = deviation is { } other ? other.Body : expected["body"] is JsonValue text ? text.GetValue<string>() : expected["body"]!.ToJsonString();
        if (wanted.StartsWith('{'))
        {
            Assert.True(type == "application/json", $"{where}: {type}");
            var json = Named(JsonNode.Parse(wanted));
            _values.AssertSame(Sorted(json), Sorted(Without(json, JsonNode.Parse(body))), where);
        }
        else
        {
            Assert.True(type == "text/plain; charset=UTF-8", $"{where}: {type}");
            Assert.True(wanted == body, where);
        }
    }

    private JsonNode? Without(JsonNode? expected, JsonNode? actual)
    {
        if (expected is JsonObject members && actual is JsonObject others)
        {
            foreach (var added in _added.Where(member => !members.ContainsKey(member) && others.Remove(member)))
            {
                _unseen.Remove(added);
            }

            others.ToList().ForEach(member => Without(members[member.Key], member.Value));
        }
        else if (expected is JsonArray items && actual is JsonArray found)
        {
            items.Zip(found).ToList().ForEach(pair => Without(pair.First, pair.Second));
        }

        return actual;
    }
}
