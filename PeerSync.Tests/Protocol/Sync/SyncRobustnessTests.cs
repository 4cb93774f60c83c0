using System.Text;
using PeerSync.Protocol.Sync;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncRobustnessTests
{
    public static TheoryData<string> Messages { get; } =
    [
        SyncVectors.Text("messages", "client_hello"),
        SyncVectors.Text("messages", "client_auth"),
        Event(Members().Append(new("created_at", "5")).Append(new("ttl", "1767225600000")).Append(new("x\\u00e9", "\"é\\ud83d\\ude00\\ud800\""))),
        """{"type":"replay_request","payload":{"limit":5,"continuation_token":"abc"},"limit":7}""",
        """{"type":"ack","payload":{"device_seq":17}}""",
        """{"type":"complete_pairing","payload":{"pairing_code":"012345"}}""",
        """{"type":"scratchpad_sync","payload":{"a":[1,2.5e-3,null,true]}}""",
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_truncated_message_is_no_json(string message)
    {
        var json = Encoding.UTF8.GetBytes(message);
        ReadEverything(json);
        for (var length = 0; length < json.Length; length++)
        {
            Assert.Equal(SyncEnvelopeStatus.InvalidJson, SyncReader.Read(json.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_changed_message_does_no_harm(string message)
    {
        foreach (var json in Mutations.Changed(message, 5000))
        {
            ReadEverything(json);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_with_a_part_left_out_or_doubled_does_no_harm(string message)
    {
        foreach (var json in Mutations.LeftOutOrDoubled(message, 2000))
        {
            ReadEverything(json);
        }
    }

    [Fact]
    public void Random_bytes_do_no_harm()
    {
        foreach (var json in Mutations.Noise(20_000))
        {
            ReadEverything(json);
        }
    }

    [Theory]
    [InlineData("client_hello")]
    [InlineData("client_auth")]
    public void Oversized_fields_are_refused_undecoded(string type)
    {
        var huge = $"\"{new string('a', 8_000_000)}\"";
        foreach (var name in new[] { "client_ephemeral_pub", "nonce_c", "user_id", "device_id", "client_signature", "nonce_c2", "device_name" })
        {
            var json = Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","{{name}}":{{huge}}}""");
            Assert.Equal(SyncEnvelopeStatus.Ok, SyncReader.Read(json, out var envelope));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(type == "client_hello" ? SyncReader.TryReadClientHello(envelope, out _, out _) : SyncReader.TryReadClientAuth(envelope, out _, out _));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000);
        }
    }
}
