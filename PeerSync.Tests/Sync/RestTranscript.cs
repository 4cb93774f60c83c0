using System.Text.Json.Nodes;

namespace PeerSync.Tests.Sync;

/// <summary>Replays the HTTP steps of an exchange recorded from the original, in order, against a server. Its socket steps are others' part.</summary>
internal sealed class RestTranscript(string name, RestTestHost host)
{
    private readonly RecordedValues _values = new();
    private readonly Dictionary<int, (int Status, string Body)> _deviations = [];
    private readonly Dictionary<int, Func<Task>> _before = [];
    private readonly HashSet<int> _skipped = [];

    /// <summary>The steps of a recording, one a line.</summary>
    public static IReadOnlyList<JsonObject> Load(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var path = Path.Combine(folder.FullName, "PeerSync.Tests", "Sync", "Transcripts", name + ".jsonl");
        return [.. File.ReadLines(path).Select(static line => JsonNode.Parse(line)!.AsObject())];
    }

    public RestTranscript With(string variable, string value)
    {
        _values[variable] = value;
        return this;
    }

    /// <summary>What happens before a line (from 1): the part that the sockets play in the recording.</summary>
    public RestTranscript Before(int line, Func<Task> action)
    {
        _before[line] = action;
        return this;
    }

    /// <summary>On this line (from 1) the contract asks for something else than the original did.</summary>
    /// <param name="line">The line of the file.</param>
    /// <param name="contract">Which part of the contract says so.</param>
    /// <param name="status">The status that it asks for.</param>
    /// <param name="body">The JSON that it asks for.</param>
    public RestTranscript Deviating(int line, string contract, int status, string body)
    {
        Assert.NotEmpty(contract);
        _deviations[line] = (status, body);
        return this;
    }

    /// <summary>This line belongs to another part.</summary>
    public RestTranscript Skipping(int line, string reason)
    {
        Assert.NotEmpty(reason);
        _skipped.Add(line);
        return this;
    }

    public async Task ReplayAsync()
    {
        var steps = Load(name);
        var replayed = 0;
        for (var line = 1; line <= steps.Count; line++)
        {
            var step = steps[line - 1];
            if (step["dir"]!.GetValue<string>() != "http" || _skipped.Contains(line))
            {
                continue;
            }

            if (_before.Remove(line, out var action))
            {
                await action();
            }

            (int, string)? deviation = _deviations.Remove(line, out var other) ? other : null;
            await RecordedRequest.ReplayAsync(host.Http, _values, step, $"{name}, line {line}", deviation);
            replayed++;
        }

        Assert.True(replayed > 0, $"{name} has no HTTP step.");
        Assert.Empty(_before);
        Assert.Empty(_deviations);
    }
}
