using System.Text.Json;

namespace PeerSync.Bench.Crash;

/// <summary>An event that a device has sent, and what the server has said about it. Its payload follows from its number, so that it need not be kept.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SentEvent(Guid eventId, CrashUser user, Guid deviceId, long deviceSeq, int stream, int payloadSeed)
{
    private const int LargestPayload = 2048;
    private const int HugePayload = 64 * 1024;
    private static readonly (string Id, string Type)[] Streams =
        [("clipboard:main", "clipboard:text"), ("messages:main", "message:text"), ("files:main", "file:metadata")];

    private readonly Lock _gate = new();
    private (long StreamSeq, long CreatedAt) _told;

    /// <summary>How many streams there are.</summary>
    public static int StreamCount => Streams.Length;

    public Guid EventId => eventId;

    public Guid DeviceId => deviceId;

    public long DeviceSeq => deviceSeq;

    public string StreamId => Streams[stream].Id;

    /// <summary>Whether the server has acknowledged it: from then on it must never be missing.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>The event as its device sends it, each time the same.</summary>
    public string ToJson() =>
        $"{{\"event_id\":\"{eventId}\",\"user_id\":\"{user.UserId}\",\"device_id\":\"{deviceId}\",\"device_seq\":{deviceSeq},\"stream_id\":\"{StreamId}\"," +
        $"\"stream_seq\":0,\"type\":\"{Streams[stream].Type}\",\"encrypted_payload\":\"{Payload()}\"}}";

    /// <summary>Compares what the server tells of this event with what was sent, and with what it told before.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Compare(JsonElement told)
    {
        if (told.GetProperty("user_id").GetString() != user.UserId
            || told.GetProperty("device_id").GetGuid() != deviceId
            || told.GetProperty("device_seq").GetInt64() != deviceSeq
            || told.GetProperty("stream_id").GetString() != StreamId
            || told.GetProperty("type").GetString() != Streams[stream].Type)
        {
            return $"Event {eventId} has another envelope than it was sent with.";
        }

        if (!told.GetProperty("encrypted_payload").ValueEquals(Payload()))
        {
            return $"Event {eventId} has another payload than it was sent with.";
        }

        var now = (told.GetProperty("stream_seq").GetInt64(), told.GetProperty("created_at").GetInt64());
        lock (_gate)
        {
            if (_told == default)
            {
                _told = now;
            }

            // Nothing may be told before it is durable: a number that was given out stays.
            return _told == now ? null : $"Event {eventId} was told with (stream_seq, created_at) {_told} and later with {now}.";
        }
    }

    private string Payload()
    {
        var random = new Random(payloadSeed);
        var bytes = new byte[random.Next(200) == 0 ? HugePayload : random.Next(1, LargestPayload)];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
