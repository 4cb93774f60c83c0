using System.Text;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Tests.Protocol.WebSockets;

public sealed class WebSocketHandshakeTests
{
    private const string SampleKey = "dGhlIHNhbXBsZSBub25jZQ==";

    // RFC 6455, section 1.3, with its version header and without Sec-WebSocket-Protocol.
    private const string Sample =
        "GET /chat HTTP/1.1\r\n" +
        "Host: server.example.com\r\n" +
        "Upgrade: websocket\r\n" +
        "Connection: Upgrade\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        "Sec-WebSocket-Version: 13\r\n" +
        "\r\n";

    [Fact]
    public void The_handshake_of_the_specification_is_recognised()
    {
        var upgrade = Parse(Sample.Replace("\r\n\r\n", "\r\nOrigin: http://example.com\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n", StringComparison.Ordinal));

        Assert.Equal(
            new WebSocketUpgrade("/chat", "", SampleKey) { Host = "server.example.com", Origin = "http://example.com", Protocol = "chat" },
            upgrade);
    }

    [Fact]
    public void The_accept_value_and_the_response_are_those_of_the_specification()
    {
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketHandshake.ComputeAccept(SampleKey));
        Assert.Equal(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
            "Sec-WebSocket-Protocol: chat\r\n\r\n",
            Response(SampleKey, "chat"));
        Assert.Equal(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            Response(SampleKey, null));
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: x")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("é")]
    public void A_protocol_that_is_no_token_never_reaches_the_response(string protocol)
    {
        var buffer = MessageBuffer.Rent();
        Assert.Throws<ArgumentException>(() => WebSocketHandshake.WriteResponse(buffer, SampleKey, protocol));
        Assert.Equal(0, buffer.Length);
        buffer.Release();
    }

    [Theory]
    [InlineData(SampleKey, true)]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEC==", true)] // RFC 6455, section 4.1
    [InlineData("+/+/+/+/+/+/+/+/+/+/+w==", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ=", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQA=", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQAA", false)]
    [InlineData("dGhlIHNhbXBsZSBub25j=Q==", false)]
    [InlineData("dGhlIHNhbXBsZSBub25j-_==", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jé===", false)]
    public void A_key_is_22_symbols_and_two_equals_signs(string? key, bool expected)
    {
        Assert.Equal(expected, WebSocketHandshake.IsValidKey(key));
        Assert.Equal(expected, TryParse(Sample.Replace(SampleKey, key, StringComparison.Ordinal)) is not null);
        if (!expected)
        {
            Assert.Throws<ArgumentException>(() => WebSocketHandshake.ComputeAccept(key!));
        }
    }

    [Fact]
    public void Every_truncation_is_left_to_the_ordinary_server_and_what_follows_is_not_counted()
    {
        var bytes = Encoding.ASCII.GetBytes(Sample);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(WebSocketHandshake.TryParse(bytes.AsSpan(0, length), out var none, out var zero));
            Assert.Null(none);
            Assert.Equal(0, zero);
        }

        Assert.True(WebSocketHandshake.TryParse([.. bytes, 0x81, 0x80, 1, 2, 3, 4], out _, out var headLength));
        Assert.Equal(bytes.Length, headLength);
    }

    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/ws", "/ws", "")]
    [InlineData("/ws?", "/ws", "")]
    [InlineData("/ws?x=1", "/ws", "x=1")]
    [InlineData("/ws?token=a%20b&y=/?", "/ws", "token=a%20b&y=/?")]
    [InlineData("/socket.io/?EIO=4&transport=websocket", "/socket.io/", "EIO=4&transport=websocket")]
    [InlineData("/a.b/..c/.d/e-_~!$&'()*+,;=:@", "/a.b/..c/.d/e-_~!$&'()*+,;=:@", "")]
    public void The_target_is_split_at_its_first_question_mark(string target, string path, string query)
    {
        var upgrade = Parse(Sample.Replace("/chat", target, StringComparison.Ordinal));
        Assert.Equal(path, upgrade.Path);
        Assert.Equal(query, upgrade.Query);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("ws")]
    [InlineData("http://server/chat")]
    [InlineData("/%77s")]
    [InlineData("/ws#fragment")]
    [InlineData("/ws?q#fragment")]
    [InlineData("/a b")]
    [InlineData("/a\\b")]
    [InlineData("/a\"b")]
    [InlineData("/é")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("/a/../ws")]
    [InlineData("/./ws")]
    [InlineData("/ws/..")]
    [InlineData("/ws?a=<b>")]
    public void A_target_that_is_not_plain_is_left_to_the_ordinary_server(string target) =>
        Assert.Null(TryParse(Sample.Replace("/chat", target, StringComparison.Ordinal)));

    [Theory]
    [InlineData("GET /chat HTTP/1.1", "POST /chat HTTP/1.1")]
    [InlineData("GET /chat HTTP/1.1", "get /chat HTTP/1.1")]
    [InlineData("GET /chat HTTP/1.1", "GET  /chat HTTP/1.1")]
    [InlineData("GET /chat HTTP/1.1", "GET /chat  HTTP/1.1")]
    [InlineData("GET /chat HTTP/1.1", "GET /chat HTTP/1.0")]
    [InlineData("GET /chat HTTP/1.1", "GET /chat HTTP/2")]
    [InlineData("GET /chat HTTP/1.1", "GET /chat")]
    [InlineData("GET /chat HTTP/1.1", "GET / HTTP/1.1 HTTP/1.1")]
    [InlineData("GET /chat HTTP/1.1", "\r\nGET /chat HTTP/1.1")]
    [InlineData("GET /chat HTTP/1.1", "GET /chat\tHTTP/1.1")]
    [InlineData("Host: server.example.com\r\n", "")]
    [InlineData("Host: server.example.com\r\n", "Host:\r\n")]
    [InlineData("Host: server.example.com\r\n", "Host: a b\r\n")]
    [InlineData("Host: server.example.com\r\n", "Host: a/b\r\n")]
    [InlineData("Host: server.example.com\r\n", "Host: a\r\nhost: a\r\n")]
    [InlineData("Upgrade: websocket\r\n", "")]
    [InlineData("Upgrade: websocket\r\n", "Upgrade: h2c\r\n")]
    [InlineData("Upgrade: websocket\r\n", "Upgrade: websockets\r\n")]
    [InlineData("Upgrade: websocket\r\n", "Upgrade: websocket/13\r\n")]
    [InlineData("Upgrade: websocket\r\n", "Upgrade: websocket,\r\n")]
    [InlineData("Upgrade: websocket\r\n", "Upgrade:\r\n")]
    [InlineData("Connection: Upgrade\r\n", "")]
    [InlineData("Connection: Upgrade\r\n", "Connection: close\r\n")]
    [InlineData("Connection: Upgrade\r\n", "Connection: keep-alive,,Upgrade\r\n")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "")]
    [InlineData("Sec-WebSocket-Key:", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key:")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 8\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13, 8\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n")]
    [InlineData("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nContent-Length: 00\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nOrigin: a\r\nOrigin: a\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nUser-Agent: a\r\nUser-Agent: a\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nSec-WebSocket-Protocol:\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nSec-WebSocket-Protocol: a b\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nSec-WebSocket-Protocol: ,a\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX-Folded: a\r\n b\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\n X-Space: a\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX-Space : a\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nNo-Colon\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\n: no name\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX: a\0b\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX: a\rb\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX: a\nHost: b\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX: a\u007F\r\n\r\n")]
    [InlineData("\r\n\r\n", "\r\nX: é\r\n\r\n")]
    [InlineData("\r\n", "\n")]
    public void Anything_unusual_is_left_to_the_ordinary_server(string part, string replacement)
    {
        Assert.Contains(part, Sample, StringComparison.Ordinal);
        Assert.Null(TryParse(Sample.Replace(part, replacement, StringComparison.Ordinal)));
    }

    [Fact]
    public void Lists_repeated_headers_letter_case_and_spaces_are_understood()
    {
        var upgrade = Parse(
            "GET /ws HTTP/1.1\r\nhOST:[::1]:3000\r\nUPGRADE: h2c\r\nupgrade:   WebSocket   \r\nConnection: keep-alive, upGRADE\r\nConnection: x\r\n" +
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\nContent-Length: 0\r\nUser-Agent: node (a; b)\r\nAuthorization:  Bearer a.b \r\n" +
            "Sec-WebSocket-Protocol: peersync.v1,other\r\nSec-WebSocket-Protocol: third\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8, ::1\r\n" +
            "X-Forwarded-Proto: https\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nX-Empty:\r\n\r\n");

        Assert.Equal(
            new WebSocketUpgrade("/ws", "", SampleKey)
            {
                Host = "[::1]:3000",
                Protocol = "peersync.v1",
                ForwardedFor = "1.2.3.4, 5.6.7.8, ::1",
                ForwardedProto = "https",
                UserAgent = "node (a; b)",
                Authorization = "Bearer a.b",
            },
            upgrade);
    }

    [Fact]
    public void A_head_may_be_as_long_as_the_limit_and_no_longer()
    {
        var frame = Sample.Replace("\r\n\r\n", "\r\nX-Long: \r\n\r\n", StringComparison.Ordinal);
        var longest = frame.Replace("X-Long: ", "X-Long: " + new string('a', WebSocketHandshake.MaxHeadLength - frame.Length), StringComparison.Ordinal);

        Assert.True(WebSocketHandshake.TryParse(Encoding.ASCII.GetBytes(longest), out _, out var headLength));
        Assert.Equal(WebSocketHandshake.MaxHeadLength, headLength);
        Assert.Null(TryParse(longest.Replace("X-Long: ", "X-Long: a", StringComparison.Ordinal)));
    }

    [Fact]
    public void Any_one_changed_byte_is_either_refused_or_harmless()
    {
        var random = new Random(13);
        var original = Encoding.ASCII.GetBytes(Sample);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])original.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (WebSocketHandshake.TryParse(bytes, out var upgrade, out var headLength))
            {
                Assert.True(WebSocketHandshake.IsValidKey(upgrade.Key));
                Assert.Equal(bytes.Length, headLength);
                Assert.All(upgrade.Path + upgrade.Host, static c => Assert.InRange(c, '!', '~'));
            }
        }
    }

    [Fact]
    public void Random_bytes_are_never_an_upgrade()
    {
        var random = new Random(101);
        var bytes = new byte[400];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            "\r\n\r\n"u8.CopyTo(bytes.AsSpan(random.Next(bytes.Length - 4)));
            Assert.False(WebSocketHandshake.TryParse(bytes, out _, out _));
        }
    }

    private static WebSocketUpgrade? TryParse(string head) =>
        WebSocketHandshake.TryParse(Encoding.UTF8.GetBytes(head), out var upgrade, out _) ? upgrade : null;

    private static WebSocketUpgrade Parse(string head)
    {
        var upgrade = TryParse(head);
        Assert.NotNull(upgrade);
        return upgrade;
    }

    private static string Response(string key, string? protocol)
    {
        var buffer = MessageBuffer.Rent();
        WebSocketHandshake.WriteResponse(buffer, key, protocol);
        var text = Encoding.ASCII.GetString(buffer.Span);
        buffer.Release();
        return text;
    }
}
