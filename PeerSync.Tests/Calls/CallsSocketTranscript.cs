using System.Text.Json.Nodes;
using PeerSync.Tests.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>Replays a recorded exchange over sockets, in order, against a server, and compares every event.</summary>
/// <remarks>
/// Ours has members that the original has not: <c>code</c> in <c>error</c>, and what relaxes next in <c>queue-update</c>. Tokens and device ids are made from
/// their names. Where a connection ends, nothing may have come that the recording has not.
/// </remarks>
internal sealed class CallsSocketTranscript : IAsyncDisposable
{
    private readonly string _name;
    private readonly CallsTestHost _host;
    private readonly RecordedValues _values;
    private readonly Dictionary<string, CallsSocket> _sockets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string?> _deviations = [];
    private readonly List<(int Line, string Connection, string Name, string Argument)> _more = [];
    private readonly Dictionary<int, Func<Task>> _before = [];
    private long _lastAck;

    internal CallsSocketTranscript(string name, CallsTestHost host)
    {
        _name = name;
        _host = host;
        _values = new RecordedValues
        {
            Make = variable => variable.StartsWith("device_", StringComparison.Ordinal) ? variable.Replace('_', '-')
                : variable.StartsWith("token_", StringComparison.Ordinal) ? host.Tokens.Issue("device-" + variable["token_".Length..])
                : null,
        };
        _values["timestamp"] = "1700000000000";
    }

    internal CallsSocketTranscript With(string variable, string value)
    {
        _values[variable] = value;
        return this;
    }

    /// <summary>What time and others do before a line (from 1).</summary>
    internal CallsSocketTranscript Before(int line, Func<Task> action)
    {
        _before[line] = action;
        return this;
    }

    /// <summary>These lines do not happen.</summary>
    internal CallsSocketTranscript Without(string contract, params int[] lines)
    {
        Assert.NotEmpty(contract);
        foreach (var line in lines)
        {
            _deviations[line] = null;
        }

        return this;
    }

    /// <summary>On this line the argument is another.</summary>
    internal CallsSocketTranscript Instead(int line, string contract, string argument)
    {
        Assert.NotEmpty(contract);
        _deviations[line] = argument;
        return this;
    }

    /// <summary>After this line an event comes that the recording has not.</summary>
    internal CallsSocketTranscript Also(int line, string contract, string connection, string name, string argument)
    {
        Assert.NotEmpty(contract);
        _more.Add((line, connection, name, argument));
        return this;
    }

    internal async Task ReplayAsync()
    {
        var steps = CallsTranscript.Load(_name);
        for (var line = 1; line <= steps.Count; line++)
        {
            if (_before.Remove(line, out var action))
            {
                await action();
            }

            var isDeviation = _deviations.Remove(line, out var argument);
            if (!isDeviation || argument is not null)
            {
                await ReplayAsync(steps[line - 1], isDeviation ? JsonNode.Parse(argument!) : null, $"{_name}, line {line}");
            }

            foreach (var more in _more.Where(more => more.Line == line).ToList())
            {
                _more.Remove(more);
                Compare(JsonNode.Parse(more.Argument), await _sockets[more.Connection].ExpectAsync(more.Name), $"{_name}, after line {line}");
            }
        }

        Assert.Empty(_before);
        Assert.Empty(_deviations);
        Assert.Empty(_more);
    }

    /// <summary>Nothing is on its way any more.</summary>
    internal async Task SettleAsync()
    {
        foreach (var socket in _sockets.Values)
        {
            await socket.ExpectNothingAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values)
        {
            await socket.DisposeAsync();
        }
    }

    private async Task ReplayAsync(JsonObject step, JsonNode? instead, string where)
    {
        var connection = (string?)step["conn"];
        switch ((string)step["dir"]!)
        {
            case "open":
                var headers = step["headers"] is JsonObject { Count: > 0 } given
                    ? $"Authorization: {_values.Substitute((string)given["authorization"]!)}\r\n"
                    : string.Empty;
                var auth = _values.Substitute(step["auth"]!.ToJsonString());
                _sockets[connection!] = await CallsSocket.OpenAsync(_host.Server.Address, auth, (string)step["namespace"]!, headers);
                break;
            case "emit":
                var sent = step["args"]!.AsArray();
                await _sockets[connection!].EmitAsync(
                    (string)step["name"]!,
                    sent.Count == 0 ? null : _values.Substitute(sent[0]?.ToJsonString() ?? "null"),
                    step["ack"] is null ? null : ++_lastAck);
                break;
            case "event":
                await ReplayEventAsync(connection!, (string)step["name"]!, step["args"]!.AsArray(), instead, where);
                break;
            case "close":
                await EndAsync(connection!);
                break;
            case "http" when (string)step["request"]!["path"]! != "/auth/token":
                await ReplayHttpAsync(step, where);
                break;
        }
    }

    private async Task ReplayEventAsync(string connection, string name, JsonArray args, JsonNode? instead, string where)
    {
        var socket = _sockets[connection];
        switch (name)
        {
            case "disconnect" when (string)args[0]! == "io client disconnect":
                await EndAsync(connection);
                break;
            case "disconnect":
                await socket.ExpectAsync((string)args[0]! == "transport close" ? CallsSocket.Closed : CallsSocket.Disconnected);
                break;
            case "connect":
                await socket.ExpectAsync(name);
                break;
            case "connect_error":
                Compare(args[0], await socket.ExpectAsync(CallsSocket.ConnectError), where);
                break;
            default:
                Compare(instead ?? args[0], await socket.ExpectAsync(name), where);
                break;
        }
    }

    private void Compare(JsonNode? expected, JsonNode? actual, string where)
    {
        var shown = $"{where}: {actual?.ToJsonString()}";
        if (expected is JsonObject members && actual is JsonObject others)
        {
            // Ours besides the original's.
            foreach (var own in (string[])["code", "queueLength", "nextRelaxation", "nextRelaxationIn"])
            {
                if (!members.ContainsKey(own))
                {
                    others.Remove(own);
                }
            }
        }

        _values.AssertSame(expected, actual, shown);
    }

    private async Task ReplayHttpAsync(JsonObject step, string where)
    {
        var request = step["request"]!;
        using var message = new HttpRequestMessage(new HttpMethod((string)request["method"]!), (string)request["path"]!);
        message.Headers.TryAddWithoutValidation("Authorization", _values.Substitute((string)request["headers"]!["authorization"]!));
        if (request["body"] is { } body)
        {
            message.Content = new StringContent(_values.Substitute(body.ToJsonString()), System.Text.Encoding.UTF8, "application/json");
        }

        using var response = await _host.Http.SendAsync(message, PeerSyncTestHost.Cancel);
        Assert.True((int)step["response"]!["status"]! == (int)response.StatusCode, $"{where}: {response.StatusCode}");
    }

    private async Task EndAsync(string connection)
    {
        if (_ended.Add(connection))
        {
            var socket = _sockets[connection];
            if (!socket.IsSilent)
            {
                await socket.ExpectNothingAsync();
            }

            await socket.DisconnectAsync();
        }
    }
}
