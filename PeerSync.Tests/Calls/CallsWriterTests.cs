using System.Buffers;
using System.Text;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

/// <summary>The arguments of the server's events, byte for byte.</summary>
public sealed class CallsWriterTests
{
    [Fact]
    public void QueueEvents()
    {
        AssertWrites("""{"deviceId":"a\"b","timestamp":5}""", static output => CallsWriter.Connected(output, "a\"b", 5));
        AssertWrites(
            """{"position":1,"queueLength":2,"timestamp":3,"isPremium":false}""", static output => CallsWriter.QueueJoined(output, 1, 2, 3, isPremium: false));
        AssertWrites(
            """{"position":1,"estimatedWaitTime":6,"queueLength":2}""",
            static output => CallsWriter.QueueUpdate(output, 1, TimeSpan.FromSeconds(5.1), 2, null, default));
        AssertWrites(
            """{"position":1,"estimatedWaitTime":5,"queueLength":2,"nextRelaxation":"queue-type","nextRelaxationIn":30}""",
            static output => CallsWriter.QueueUpdate(output, 1, TimeSpan.FromSeconds(5), 2, "queue-type", TimeSpan.FromSeconds(30)));
        AssertWrites("""{"timestamp":7}""", static output => CallsWriter.QueueLeft(output, 7));
    }

    [Fact]
    public void CallEvents()
    {
        AssertWrites(
            """{"sessionId":"s","timestamp":1,"compatibilityScore":78,"commonInterests":["a","b"],"peerId":"p"}""",
            static output => CallsWriter.Matched(output, "s", 1, 78, ["a", "b"], "p"));
        AssertWrites(
            """{"sessionId":"s","offer":{"sdp": 1},"from":"p"}""",
            static output => CallsWriter.Signal(output, CallsClientEvent.SendOffer, "s", """{"sdp": 1}"""u8, "p"));
        AssertWrites(
            """{"sessionId":"s","candidate":{},"from":"p"}""", static output => CallsWriter.Signal(output, CallsClientEvent.SendCandidate, "s", "{}"u8, "p"));
        AssertWrites("""{"sessionId":"s"}""", static output => CallsWriter.Session(output, "s"));
        AssertWrites(
            """{"sessionId":"s","compatibilityScore":null,"commonInterests":[]}""", static output => CallsWriter.MatchDetails(output, "s", null, []));
        AssertWrites(
            """{"sessionId":"s","compatibilityScore":71,"commonInterests":["a"]}""", static output => CallsWriter.MatchDetails(output, "s", 71, ["a"]));
    }

    [Theory]
    [InlineData(17, "17")]
    [InlineData(1767225600000, "1767225600000")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1e300, "1E+300")]
    public void ChatEvents(double timestamp, string written)
    {
        AssertWrites(
            $$"""{"sessionId":"s","message":"m","timestamp":{{written}},"from":"p"}""",
            output => CallsWriter.Message(output, new CallsMessage("s", "m", null, timestamp), "p"));
        AssertWrites(
            $$"""{"sessionId":"s","message":"m","sender":"Al","timestamp":{{written}},"from":"p"}""",
            output => CallsWriter.Message(output, new CallsMessage("s", "m", "Al", timestamp), "p"));
        AssertWrites(
            $$"""{"sessionId":"s","emoji":"🔥","timestamp":{{written}},"from":"p"}""",
            output => CallsWriter.Reaction(output, new CallsReaction("s", "🔥", timestamp), "p"));
    }

    [Fact]
    public void RefusalsAndModeration()
    {
        AssertWrites("""{"message":"Session not found","code":"SESSION_NOT_FOUND"}""", static output => CallsWriter.Error(output, CallsError.SessionNotFound));
        AssertWrites("""{"status":"error","message":"Internal server error"}""", static output => CallsWriter.Error(output, CallsError.Internal));
        AssertWrites("""{"type":"warning","message":"Please be mindful of community guidelines.","severity":"medium"}""", CallsWriter.ModerationWarning);
        AssertWrites("""{"type":"ban","message":"m","severity":"high"}""", static output => CallsWriter.ModerationAction(output, CallsSanction.Ban, "m"));
        AssertWrites("""{"type":"restricted","message":"m"}""", static output => CallsWriter.ModerationAction(output, CallsSanction.Restricted, "m"));
        Assert.Equal("error", CallsError.RateLimited.EventName);
    }

    private static void AssertWrites(string expected, Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
