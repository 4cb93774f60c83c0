using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sync;

namespace PeerSync.Tests.Protocol.Sync;

/// <summary>Calls shared by the tests of the Sync codec.</summary>
internal static class SyncCalls
{
    public const string UserId = "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7";

    public const string DeviceIdText = "11111111-2222-4333-8444-555555555555";

    public const string EventId = "019b7657-8000-7000-8000-000000000001";

    public const long Now = 1767225600000;

    public static readonly DeviceId Device = new(Guid.Parse(DeviceIdText));

    /// <summary>The members of a valid event, as JSON, to be changed by a test.</summary>
    public static Dictionary<string, string> Members() => new()
    {
        ["event_id"] = $"\"{EventId}\"",
        ["user_id"] = $"\"{UserId}\"",
        ["device_id"] = $"\"{DeviceIdText}\"",
        ["device_seq"] = "7",
        ["stream_id"] = "\"clipboard:main\"",
        ["stream_seq"] = "0",
        ["type"] = "\"clipboard:text\"",
        ["encrypted_payload"] = "\"Y2lwaGVydGV4dC0x\"",
    };

    public static string Object(IEnumerable<KeyValuePair<string, string>> members) =>
        "{" + string.Join(',', members.Select(static member => $"\"{member.Key}\":{member.Value}")) + "}";

    public static string Event(IEnumerable<KeyValuePair<string, string>> members) => $$"""{"type":"event","payload":{{Object(members)}}}""";

    /// <summary>A valid event with one member set to a JSON value, or left out.</summary>
    public static string EventWith(string name, string? value)
    {
        var members = Members();
        if (value is null)
        {
            members.Remove(name);
        }
        else
        {
            members[name] = value;
        }

        return Event(members);
    }

    public static SyncEnvelope Ok(ReadOnlySpan<byte> json)
    {
        Assert.Equal(SyncEnvelopeStatus.Ok, SyncReader.Read(json, out var envelope));
        return envelope;
    }

    public static SyncEnvelope Ok(string json) => Ok(Encoding.UTF8.GetBytes(json));

    public static SyncEventStatus Read(string json, out SyncEventView view) => SyncReader.ReadEvent(Ok(json), UserId, Device, Now, out view);

    /// <summary>The stored form of an event with stream_seq 1159 at <see cref="Now"/>.</summary>
    public static string Store(in SyncEventView view)
    {
        var buffer = MessageBuffer.Rent();
        SyncWriter.Stored(buffer, view.Splice, view.RawObject, UserId, 1159, Now);
        var text = Encoding.UTF8.GetString(buffer.Span);
        buffer.Release();
        return text;
    }

    /// <summary>Reads a message with every reader, whatever its type; what would be stored must be valid.</summary>
    public static void ReadEverything(ReadOnlySpan<byte> json)
    {
        if (SyncReader.Read(json, out var envelope) != SyncEnvelopeStatus.Ok)
        {
            Assert.True(envelope.Message.IsEmpty);
            return;
        }

        Assert.True(envelope.Message.Slice(envelope.BodyOffset, envelope.Body.Length).SequenceEqual(envelope.Body));
        Assert.NotEqual(SyncReader.TryReadClientHello(envelope, out _, out var refusal), refusal.Code != 0);
        Assert.NotEqual(SyncReader.TryReadClientAuth(envelope, out _, out refusal), refusal.Code != 0);
        Assert.InRange(SyncReader.ReadReplayRequest(envelope).Limit, 1, ReplayRequest.MaxLimit);
        Assert.True(SyncReader.ReadAckDeviceSeq(envelope) is null or >= 0);
        Assert.True(SyncReader.ReadPairingCode(envelope) is null or { Length: 6 });
        var status = SyncReader.ReadEvent(envelope, UserId, Device, Now, out var view);
        var isClosed = status is SyncEventStatus.Invalid or SyncEventStatus.Expired or SyncEventStatus.ForeignUser;
        Assert.Equal(isClosed, view.Refusal.Code == 1011);
        if (status is SyncEventStatus.Ok)
        {
            AssertStored(Store(view), view);
        }
    }

    /// <summary>Checks that what is stored is one object in which each known member stands once and with the right value.</summary>
    public static void AssertStored(string stored, in SyncEventView view)
    {
        // The document's reader throws for lone surrogates, which unknown members may hold.
        var wellFormed = stored.Replace("\\ud", "\\u0", StringComparison.OrdinalIgnoreCase);
        using var document = JsonDocument.Parse(wellFormed, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        var names = document.RootElement.EnumerateObject().Select(static member => member.Name).ToList();
        Assert.Equal("created_at", names[^1]);
        Assert.Single(names, "created_at");
        Assert.Single(names, "stream_seq");
        Assert.Equal(Now, document.RootElement.GetProperty("created_at").GetInt64());
        Assert.Equal(1159, document.RootElement.GetProperty("stream_seq").GetInt64());
        Assert.Equal(UserId, document.RootElement.GetProperty("user_id").GetString());
        Assert.Equal(view.EventId, document.RootElement.GetProperty("event_id").GetGuid());
        Assert.Equal(view.DeviceId.Value, document.RootElement.GetProperty("device_id").GetGuid());
        Assert.Equal(view.DeviceSeq, document.RootElement.GetProperty("device_seq").GetDouble());
        Assert.Equal(view.StreamId, document.RootElement.GetProperty("stream_id").GetString());
        Assert.Equal(view.EventType, document.RootElement.GetProperty("type").GetString());
        Assert.Equal(view.PayloadSize, document.RootElement.GetProperty("encrypted_payload").GetBytesFromBase64().Length);
    }
}
