using System.Text.Json;

namespace PeerSync.Bench.Crash;

/// <summary>Reads a user's events as a device does that has never been there, and compares them with what was sent.</summary>
internal sealed class CrashCheck(CrashUser user, CrashTally tally)
{
    private const int PageSize = 1000;

    private readonly HashSet<Guid> _stored = [];
    private readonly Dictionary<string, long> _streams = [];
    private readonly Dictionary<Guid, long> _devices = [];

    /// <returns>How many events the user has.</returns>
    public async Task<int> RunAsync(Uri address, CancellationToken cancellationToken)
    {
        if (user.Sent.Count == 0)
        {
            return 0;
        }

        using var socket = await SyncSocket.LogInAsync(address, user, Guid.NewGuid(), cancellationToken);
        while (await ReadPageAsync(socket, cancellationToken) is { } token)
        {
            await socket.SendAsync(SyncMessage.ReplayRequest(PageSize, token), cancellationToken);
        }

        foreach (var sent in user.Sent.Values)
        {
            if (sent.IsAcknowledged && !_stored.Contains(sent.EventId))
            {
                tally.Fault($"LOST: event {sent.EventId}, number {sent.DeviceSeq} of device {sent.DeviceId}, was acknowledged.");
            }
        }

        return _stored.Count;
    }

    /// <returns>The token that asks for the next page; null after the last.</returns>
    private async Task<string?> ReadPageAsync(SyncSocket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var message = await socket.ReceiveAsync(cancellationToken)
                ?? throw new InvalidDataException($"The server closed the socket of the device that reads everything, with {socket.CloseCode}.");
            if (!message.RootElement.GetProperty("type").ValueEquals("replay_response"))
            {
                continue;
            }

            var page = message.RootElement.GetProperty("payload");
            foreach (var told in page.GetProperty("events").EnumerateArray())
            {
                Check(told);
            }

            return page.GetProperty("has_more").GetBoolean() ? page.GetProperty("continuation_token").GetString() : null;
        }
    }

    private void Check(JsonElement told)
    {
        if (user.Recognize(told, tally) is not { } sent)
        {
            return;
        }

        if (!_stored.Add(sent.EventId))
        {
            tally.Fault($"Event {sent.EventId} is stored twice.");
        }

        var streamSeq = told.GetProperty("stream_seq").GetInt64();
        var expected = _streams.GetValueOrDefault(sent.StreamId) + 1;
        if (streamSeq != expected)
        {
            tally.Fault($"Event {sent.EventId} is number {streamSeq} of {sent.StreamId} where {expected} was due.");
        }

        _streams[sent.StreamId] = streamSeq;
        if (sent.DeviceSeq <= _devices.GetValueOrDefault(sent.DeviceId))
        {
            tally.Fault($"Event {sent.DeviceSeq} of device {sent.DeviceId} stands behind its event {_devices[sent.DeviceId]}.");
        }

        _devices[sent.DeviceId] = sent.DeviceSeq;
    }
}
