using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncRequestTests
{
    [Theory]
    [InlineData("{}", 100, null)]
    [InlineData("""{"limit":5,"continuation_token":"abc"}""", 5, "abc")]
    [InlineData("""{"limit":0}""", 1, null)]
    [InlineData("""{"limit":-3}""", 1, null)]
    [InlineData("""{"limit":1001}""", 1000, null)]
    [InlineData("""{"limit":1e400}""", 1000, null)]
    [InlineData("""{"limit":-1e400}""", 1, null)]
    [InlineData("""{"limit":2.9}""", 2, null)]
    [InlineData("""{"limit":1e2}""", 100, null)]
    [InlineData("""{"limit":"x"}""", 100, null)]
    [InlineData("""{"limit":"7"}""", 100, null)]
    [InlineData("""{"limit":null,"continuation_token":null}""", 100, null)]
    [InlineData("""{"limit":[3],"continuation_token":{"a":1}}""", 100, null)]
    [InlineData("""{"limit":3,"limit":4}""", 4, null)]
    [InlineData("""{"limit":3,"limit":"x"}""", 100, null)]
    [InlineData("""{"continuation_token":""}""", 100, "")]
    [InlineData("""{"last_ack_device_seq":17,"x":{"limit":9}}""", 100, null)]
    public void A_replay_request_may_be_wrapped_or_not(string fields, int limit, string? token)
    {
        var expected = new ReplayRequest(limit, token);
        Assert.Equal(expected, SyncReader.ReadReplayRequest(Ok($$"""{"type":"replay_request","payload":{{fields}}}""")));
        var flat = fields == "{}" ? """{"type":"replay_request"}""" : $$"""{"type":"replay_request",{{fields[1..]}}""";
        Assert.Equal(expected, SyncReader.ReadReplayRequest(Ok(flat)));
        Assert.Equal(expected, SyncReader.ReadReplayRequest(Ok(" \r\n\t" + flat + " ")));
        Assert.Equal(expected, SyncReader.ReadReplayRequest(Ok(flat[..^1] + ""","payload":"x"}""")));
    }

    [Fact]
    public void What_stands_in_the_payload_of_a_replay_request_wins()
    {
        var request = SyncReader.ReadReplayRequest(
            Ok("""{"type":"replay_request","limit":5,"continuation_token":"out","payload":{"limit":7,"continuation_token":1}}"""));
        Assert.Equal(new ReplayRequest(7, "out"), request);
        var huge = new string('a', 1_000_000);
        Assert.Null(SyncReader.ReadReplayRequest(Ok($$"""{"type":"replay_request","continuation_token":"{{huge}}"}""")).ContinuationToken);
    }

    [Theory]
    [InlineData("""{"type":"ack","payload":{"device_seq":17}}""", 17L)]
    [InlineData("""{"type":"ack","payload":{"device_seq":0}}""", 0L)]
    [InlineData("""{"type":"ack","payload":{"device_seq":1e3}}""", 1000L)]
    [InlineData("""{"type":"ack","payload":{"device_seq":9007199254740991}}""", 9007199254740991L)]
    [InlineData("""{"type":"ack","payload":{"device_seq":9007199254740992}}""", null)]
    [InlineData("""{"type":"ack","payload":{"device_seq":-1}}""", null)]
    [InlineData("""{"type":"ack","payload":{"device_seq":1.5}}""", null)]
    [InlineData("""{"type":"ack","payload":{"device_seq":"17"}}""", null)]
    [InlineData("""{"type":"ack","payload":{}}""", null)]
    [InlineData("""{"type":"ack","payload":null}""", null)]
    [InlineData("""{"type":"ack","payload":[17]}""", null)]
    [InlineData("""{"type":"ack"}""", null)]
    public void An_ack_may_have_a_number(string json, long? expected) => Assert.Equal(expected, SyncReader.ReadAckDeviceSeq(Ok(json)));

    [Theory]
    [InlineData("\"000000\"", "000000")]
    [InlineData("\"12345\\u0036\"", "123456")]
    [InlineData("\"12345\"", null)]
    [InlineData("\"1234567\"", null)]
    [InlineData("\"12345a\"", null)]
    [InlineData("\" 12345\"", null)]
    [InlineData("\"١٢٣٤٥٦\"", null)]
    [InlineData("123456", null)]
    [InlineData("null", null)]
    public void A_pairing_code_is_a_string_of_six_digits(string code, string? expected)
    {
        Assert.Equal(expected, SyncReader.ReadPairingCode(Ok($$$"""{"type":"complete_pairing","payload":{"pairing_code":{{{code}}}}}""")));
        Assert.Null(SyncReader.ReadPairingCode(Ok($$"""{"type":"complete_pairing","pairing_code":{{code}}}""")));
    }

    [Theory]
    [InlineData("11111111-2222-4333-8444-55555555555A", true, true)]
    [InlineData("01a1fd30-ce27-7ad7-a75e-bdb1ee0f4712", true, false)]
    [InlineData("00000000-0000-0000-0000-000000000000", true, false)]
    [InlineData("11111111-2222-4333-8444-55555555555", false, false)]
    [InlineData("11111111-2222-4333-8444-5555555555555", false, false)]
    [InlineData("11111111222243338444555555555555", false, false)]
    [InlineData("{1111111-2222-4333-8444-55555555555}", false, false)]
    [InlineData("0x111111-2222-4333-8444-555555555555", false, false)]
    [InlineData("11111111-2222-4333-8444-55555555555é", false, false)]
    [InlineData("+1111111-2222-4333-8444-555555555555", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void A_device_id_has_one_form(string? text, bool expected, bool isVersion4)
    {
        Assert.Equal(expected, DeviceId.TryParse(text, out var fromText));
        Assert.Equal(expected, DeviceId.TryParse(System.Text.Encoding.UTF8.GetBytes(text ?? string.Empty), out var fromUtf8));
        Assert.Equal(fromText, fromUtf8);
        Assert.Equal(isVersion4, fromText.IsVersion4);
        var written = new byte[DeviceId.TextLength];
        fromText.Write(written);
        Assert.Equal(fromText.ToString(), System.Text.Encoding.ASCII.GetString(written));
        Assert.Equal(expected ? text!.ToLowerInvariant() : Guid.Empty.ToString(), fromText.ToString());
        Assert.Throws<ArgumentException>(() => fromText.Write(new byte[35]));
    }
}
