using System.Buffers;
using System.Text;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Tests.Sharing;

/// <summary>The feed's own messages: what its WebSocket takes, and what all its listeners get.</summary>
public sealed class SharingFeedMessageTests
{
    private const string Auth = """{ "x": [1, {"event": 2}], "event": "auth", "payload": {"token": "a.b\u002ec", "after": 17, "more": {}} }""";

    [Fact]
    public void A_request_is_read_and_unknown_members_are_skipped()
    {
        Assert.Equal(new SharingFeedRequest("auth", "a.b.c", 17), Read(Auth));
        Assert.Equal(new SharingFeedRequest("auth", "t", null), Read("""{"event":"auth","payload":{"token":"t"}}"""));
        Assert.Equal(new SharingFeedRequest("auth", "t", null), Read("""{"payload":{"after":null,"token":"t"},"event":"auth"}"""));
        Assert.Equal(new SharingFeedRequest("ping", null, null), Read("""{"event":"ping"}"""));
    }

    [Fact]
    public void A_truncated_request_is_none()
    {
        var bytes = Encoding.UTF8.GetBytes(Auth);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(SharingFeedRequest.Read(bytes.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"auth\"")]
    [InlineData("{}")]
    [InlineData("""{"event":1}""")]
    [InlineData("""{"event":"auth","payload":"x"}""")]
    [InlineData("""{"event":"auth","payload":null}""")]
    [InlineData("""{"event":"auth","payload":{"token":1}}""")]
    [InlineData("""{"event":"auth","payload":{"after":-1}}""")]
    [InlineData("""{"event":"auth","payload":{"after":1.5}}""")]
    [InlineData("""{"event":"auth","payload":{"after":1e3}}""")]
    [InlineData("""{"event":"auth","payload":{"after":"1"}}""")]
    [InlineData("""{"event":"auth","payload":{"after":99999999999999999999}}""")]
    [InlineData("""{"event":"auth"} x""")]
    public void What_is_no_request_is_refused(string text) => Assert.Null(Read(text));

    [Fact]
    public void Random_bytes_do_no_harm()
    {
        var random = new Random(7);
        var bytes = Encoding.UTF8.GetBytes(Auth);
        for (var i = 0; i < 20_000; i++)
        {
            var changed = bytes.ToArray();
            for (var j = random.Next(4); j >= 0; j--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            _ = SharingFeedRequest.Read(changed);
        }
    }

    [Fact]
    public void Messages_are_written_with_and_without_a_number()
    {
        Assert.Equal("""{"event":"a","payload":{"x":1},"id":7}""", Write(static output => SharingFeedWriter.Event(output, "a", """{"x":1}""", 7)));
        Assert.Equal("""{"event":"a","payload":{"é":1}}""", Write(static output => SharingFeedWriter.Event(output, "a", """{"é":1}""", null)));
        Assert.Equal("""{"event":"feed:ready","payload":{"cursor":9}}""", Write(static output => SharingFeedWriter.Cursor(output, "feed:ready", 9)));
        Assert.Equal(
            """{"event":"presence:snapshot","payload":{"online":["a","b"]}}""", Write(static output => SharingFeedWriter.Snapshot(output, ["a", "b"])));
        Assert.Equal("""{"event":"pong","payload":{}}""", Write(static output => SharingFeedWriter.Empty(output, "pong")));
        Assert.Equal(
            """{"event":"feed:closed","payload":{"code":4003,"reason":"session ended"}}""",
            Write(static output => SharingFeedWriter.Closed(output, 4003, "session ended")));
        Assert.Equal("id: 7\ndata: {}\n\n", Write(static output => SharingFeedWriter.ServerSentEvent(output, "{}"u8, 7)));
        Assert.Equal("data: {}\n\n", Write(static output => SharingFeedWriter.ServerSentEvent(output, "{}"u8, null)));
        Assert.Equal(
            """{"resp":{"port":1,"tls":true,"channel":"osmynt-recent-snippets"},"websocket":"/p","sse":"/p"}""",
            Write(static output => SharingFeedWriter.Discovery(output, 1, true, "/p")));
        Assert.Equal("""{"websocket":"/p","sse":"/p"}""", Write(static output => SharingFeedWriter.Discovery(output, null, false, "/p")));
    }

    private static SharingFeedRequest? Read(string text) => SharingFeedRequest.Read(Encoding.UTF8.GetBytes(text));

    private static string Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
