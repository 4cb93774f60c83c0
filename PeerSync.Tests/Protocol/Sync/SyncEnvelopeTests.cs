using System.Text;
using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncEnvelopeTests
{
    [Theory]
    [InlineData("client_hello", SyncMessageType.ClientHello)]
    [InlineData("client_auth", SyncMessageType.ClientAuth)]
    [InlineData("event", SyncMessageType.Event)]
    [InlineData("ack", SyncMessageType.Ack)]
    [InlineData("replay_request", SyncMessageType.ReplayRequest)]
    [InlineData("ping", SyncMessageType.Ping)]
    [InlineData("scratchpad_sync", SyncMessageType.ScratchpadSync)]
    [InlineData("initiate_pairing", SyncMessageType.InitiatePairing)]
    [InlineData("complete_pairing", SyncMessageType.CompletePairing)]
    public void A_type_is_known_exactly_as_it_stands_and_however_it_is_escaped(string type, SyncMessageType expected)
    {
        var escaped = string.Concat(type.Select(static c => $"\\u{(int)c:x4}"));
        foreach (var form in new[] { type, escaped, $"\\u{(int)type[0]:X4}{type[1..]}" })
        {
            var envelope = Ok($$"""{"payload":{"type":"{{type}}"},"type":"{{form}}"}""");
            Assert.Equal(expected, envelope.Type);
            Assert.Equal(form, Encoding.UTF8.GetString(envelope.TypeText));
            Assert.Equal($$"""{"type":"{{type}}"}""", Encoding.UTF8.GetString(envelope.Body));
        }

        foreach (var other in new[] { type.ToUpperInvariant(), type + "\\u0000", type + " ", type[..^1], type + "x", "" })
        {
            Assert.Equal(SyncMessageType.Unknown, Ok($$"""{"type":"{{other}}"}""").Type);
        }
    }

    [Theory]
    [InlineData("null", SyncEnvelopeStatus.Null)]
    [InlineData(" null\n", SyncEnvelopeStatus.Null)]
    [InlineData("42", SyncEnvelopeStatus.NotAnObject)]
    [InlineData("\"client_hello\"", SyncEnvelopeStatus.NotAnObject)]
    [InlineData("true", SyncEnvelopeStatus.NotAnObject)]
    [InlineData("[]", SyncEnvelopeStatus.Ok)]
    [InlineData("{}", SyncEnvelopeStatus.Ok)]
    [InlineData("", SyncEnvelopeStatus.InvalidJson)]
    [InlineData(" ", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("hello", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("nul", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("{}{}", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("null null", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("[1", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("""{"type":"ping",}""", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("""{"type":"ping"/**/}""", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("""{"type":"\x"}""", SyncEnvelopeStatus.InvalidJson)]
    [InlineData("\uFEFF{}", SyncEnvelopeStatus.InvalidJson)]
    public void Whatever_comes_has_a_status(string json, SyncEnvelopeStatus expected)
    {
        Assert.Equal(expected, SyncReader.Read(Encoding.UTF8.GetBytes(json), out var envelope));
        Assert.Equal(SyncMessageType.Unknown, envelope.Type);
        Assert.True(envelope.Body.IsEmpty);
        Assert.True(envelope.TypeText.IsEmpty);
    }

    [Fact]
    public void Ill_formed_utf8_is_no_json()
    {
        foreach (var bytes in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82] })
        {
            byte[] json = [.. "{\"type\":\"ping\",\"x\":\""u8, .. bytes, .. "\"}"u8];
            Assert.Equal(SyncEnvelopeStatus.InvalidJson, SyncReader.Read(json, out _));
        }

        Assert.Equal(SyncMessageType.Ping, Ok("""{"type":"ping","x":"\ud800","y":1e999,"z":"😀"}""").Type);
    }

    [Theory]
    [InlineData("""{"type":"client_hello","payload":{"type":"client_hello","a":1}}""", """{"type":"client_hello","a":1}""")]
    [InlineData("""{"type":"client_hello","payload":{"a":1,"type":"client_\u0068ello"}}""", """{"a":1,"type":"client_\u0068ello"}""")]
    [InlineData("""{"type":"client_hello","payload":{"type":"client_auth"}}""", null)]
    [InlineData("""{"type":"client_hello","payload":{"type":"other"}}""", null)]
    [InlineData("""{"type":"client_hello","payload":{}}""", null)]
    [InlineData("""{"type":"client_hello","payload":"client_hello"}""", null)]
    [InlineData("""{"type":"client_hello","payload":[{"type":"client_hello"}]}""", null)]
    [InlineData("""{"type":"client_hello","payload":{"type":"x","type":"client_hello"}}""", """{"type":"x","type":"client_hello"}""")]
    [InlineData("""{"type":"client_hello","payload":{"type":"client_hello","type":"x"}}""", null)]
    [InlineData("""{"type":"client_hello","payload":{"type":"client_hello"},"payload":null}""", null)]
    [InlineData("""{"type":"client_hello","payload":{"a":{"type":"client_hello"}}}""", null)]
    [InlineData("""{"type":"client_hello"}""", null)]
    [InlineData("""{"type":"event","payload":{"type":"x"}}""", """{"type":"x"}""")]
    [InlineData("""{"type":"event","payload": [1 ] }""", "[1 ]")]
    [InlineData("""{"type":"event","payload":1}""", "1")]
    [InlineData("""{"type":"event","payload":null}""", "null")]
    [InlineData("""{"type":"event","payload":1,"payload":"\u0041"}""", "\"\\u0041\"")]
    [InlineData("""{"type":"event"}""", "")]
    [InlineData("""{"type":"event","p\u0061yload":{}}""", "{}")]
    [InlineData("""{"type":"scratchpad_sync","payload":{"type":"scratchpad_sync"}}""", """{"type":"scratchpad_sync"}""")]
    public void The_body_is_the_payload_or_for_handshakes_that_do_not_repeat_their_type_the_message(string json, string? body)
    {
        foreach (var padding in new[] { "", " ", "\r\n\t" })
        {
            var envelope = Ok(padding + json + padding);
            Assert.Equal(body ?? json, Encoding.UTF8.GetString(envelope.Body));
            Assert.Equal(padding + json + padding, Encoding.UTF8.GetString(envelope.Message));
            Assert.True(envelope.Message[envelope.BodyOffset..].StartsWith(envelope.Body));
        }
    }

    [Fact]
    public void Depth_is_no_danger()
    {
        const int depth = 200_000;
        var deep = new string('[', depth) + new string(']', depth);
        Assert.Equal(SyncMessageType.Unknown, Ok(deep).Type);
        var envelope = Ok($$"""{"type":"scratchpad_sync","payload":{{deep}}}""");
        Assert.Equal(2 * depth, envelope.Body.Length);
        Assert.Equal(SyncEnvelopeStatus.InvalidJson, SyncReader.Read(Encoding.UTF8.GetBytes(deep[..^1]), out _));
        var members = Members();
        members["x"] = deep;
        Assert.Equal(SyncEventStatus.Ok, Read(Event(members), out var view));
        Assert.Equal(SyncMessageType.Unknown, Ok(Store(view)).Type);
    }
}
