using System.Text;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

public sealed class FrameTests
{
    [Fact]
    public async Task Fragments_with_control_frames_between_them_are_one_message()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        byte[] bytes =
        [
            .. RawSocket.Text("one ", fin: false), .. RawSocket.Ping("p"), .. RawSocket.Frame(WebSocketOpcode.Continuation, "two "u8, fin: false),
            .. RawSocket.Frame(WebSocketOpcode.Pong, "unasked"u8), .. RawSocket.Frame(WebSocketOpcode.Continuation, [], fin: false),
            .. RawSocket.Frame(WebSocketOpcode.Continuation, "three"u8),
        ];

        await client.WriteAsync(bytes);

        Assert.Equal(["Pong:p", "Text:one two three"], (await ReadAsync(client, 2)).Order());
    }

    [Fact]
    public async Task Messages_split_at_every_byte_arrive()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        byte[] bytes =
        [
            .. RawSocket.Text("naïve ", fin: false), .. RawSocket.Frame(WebSocketOpcode.Continuation, Encoding.UTF8.GetBytes("€ 😀")),
            .. RawSocket.Text(new string('x', 130)),
        ];
        for (var split = 1; split < bytes.Length; split++)
        {
            await client.WriteAsync(bytes.AsMemory(0, split));
            await Task.Yield();
            await client.WriteAsync(bytes.AsMemory(split));
            await client.ExpectTextAsync("naïve € 😀");
            await client.ExpectTextAsync(new string('x', 130));
        }

        foreach (var single in bytes)
        {
            await client.WriteAsync(new[] { single });
        }

        await client.ExpectTextAsync("naïve € 😀");
    }

    [Fact]
    public async Task Many_messages_in_one_packet_arrive_in_order()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        await client.WriteAsync(Enumerable.Range(0, 500).SelectMany(static i => RawSocket.Text($"m{i}")).ToArray());
        for (var i = 0; i < 500; i++)
        {
            await client.ExpectTextAsync($"m{i}");
        }
    }

    [Fact]
    public async Task Binary_and_empty_messages_are_messages()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        await client.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, "binary"u8));
        await client.ExpectTextAsync("binary");
        await client.WriteAsync(RawSocket.Text(string.Empty));
        await client.ExpectTextAsync(string.Empty);
    }

    public static TheoryData<string, byte[]> Violations => new()
    {
        { "not masked", RawSocket.Frame(WebSocketOpcode.Text, "x"u8, masked: false) },
        { "RSV1", RawSocket.Frame(WebSocketOpcode.Text, "x"u8, reserved: 4) },
        { "RSV2", RawSocket.Frame(WebSocketOpcode.Text, "x"u8, reserved: 2) },
        { "RSV3", RawSocket.Frame(WebSocketOpcode.Text, "x"u8, reserved: 1) },
        { "unknown data opcode", RawSocket.Frame((WebSocketOpcode)3, "x"u8) },
        { "unknown control opcode", RawSocket.Frame((WebSocketOpcode)11, "x"u8) },
        { "continuation without a start", RawSocket.Frame(WebSocketOpcode.Continuation, "x"u8) },
        { "start inside a message", [.. RawSocket.Text("x", fin: false), .. RawSocket.Text("y")] },
        { "fragmented ping", RawSocket.Frame(WebSocketOpcode.Ping, "x"u8, fin: false) },
        { "long ping", RawSocket.Frame(WebSocketOpcode.Ping, new byte[126]) },
        { "length with its top bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4] },
        { "close of one byte", RawSocket.Frame(WebSocketOpcode.Close, "x"u8) },
        { "close with a reserved code", RawSocket.Close(1005) },
    };

    [Theory]
    [MemberData(nameof(Violations), DisableDiscoveryEnumeration = true)]
    public async Task A_violation_closes_with_1002(string name, byte[] bytes)
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect(out var ended);
        await client.SendAsync("before");
        await client.ExpectTextAsync("before");
        await client.WriteAsync(bytes);
        await client.ExpectCloseAsync(WebSocketCloseCode.ProtocolError);
        client.Abort();
        await ended;
        Assert.True(harness.Server.Connections.Count == 0, name);
        Assert.Empty(harness.Errors);
    }

    [Theory]
    [InlineData(false, 1024, 0)]
    [InlineData(true, 4096, 0)]
    [InlineData(false, 1024, 1)]
    [InlineData(true, 4096, 4096)]
    public async Task More_than_the_limit_closes_with_1009(bool loggedIn, int limit, int inFirstFragment)
    {
        await using var harness = new SocketHarness(new SocketOptions { MaxMessageSize = 4096, MaxMessageSizeBeforeAuthentication = 1024, MessagesPerSecond = 0 });
        var client = loggedIn ? await harness.ConnectLoggedInAsync() : harness.Connect();
        await client.SendAsync(new string('a', limit));
        await client.ExpectTextAsync(new string('a', limit));
        if (inFirstFragment == 0)
        {
            await client.WriteAsync(RawSocket.Header(WebSocketOpcode.Text, limit + 1));
        }
        else
        {
            await client.WriteAsync(RawSocket.Text(new string('a', inFirstFragment), fin: false));
            await client.WriteAsync(RawSocket.Header(WebSocketOpcode.Continuation, limit + 1 - inFirstFragment));
        }

        await client.ExpectCloseAsync(WebSocketCloseCode.MessageTooBig, answer: false);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - 1)]
    [InlineData(int.MaxValue)]
    [InlineData(1L << 32)]
    public async Task A_continuation_of_giant_length_closes_with_1009(long length)
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        await client.WriteAsync((byte[])[.. RawSocket.Text("xy", fin: false), .. RawSocket.Header(WebSocketOpcode.Continuation, length)]);
        await client.ExpectCloseAsync(WebSocketCloseCode.MessageTooBig, answer: false);
    }

    public static TheoryData<byte[], byte[]> InvalidTexts => new()
    {
        { [0xFF], [] },
        { [0xC3], [] },
        { [0xC0, 0xAF], [] },
        { [0xED, 0xA0, 0x80], [] },
        { [0xF4, 0x90, 0x80, 0x80], [] },
        { [0xE2, 0x82], [0x41] },
        { [0xC3], [0xC3, 0xA9] },
    };

    [Theory]
    [MemberData(nameof(InvalidTexts), DisableDiscoveryEnumeration = true)]
    public async Task Invalid_UTF8_closes_with_1007(byte[] first, byte[] second)
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        await client.WriteAsync(RawSocket.Frame(WebSocketOpcode.Text, first, fin: second.Length == 0));
        if (second.Length > 0)
        {
            await client.WriteAsync(RawSocket.Frame(WebSocketOpcode.Continuation, second));
        }

        await client.ExpectCloseAsync(WebSocketCloseCode.InvalidPayload);
    }

    [Fact]
    public async Task A_character_across_fragments_is_valid()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        var euro = "€"u8.ToArray();
        await client.WriteAsync(RawSocket.Frame(WebSocketOpcode.Text, euro.AsSpan(0, 1), fin: false));
        await client.WriteAsync(RawSocket.Frame(WebSocketOpcode.Continuation, euro.AsSpan(1)));
        await client.ExpectTextAsync("€");
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_payload()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        foreach (var payload in (string[])["", "x", new string('y', 125)])
        {
            await client.WriteAsync(RawSocket.Ping(payload));
            Assert.Equal(payload, (await client.ExpectAsync(WebSocketOpcode.Pong)).Text);
        }
    }

    [Fact]
    public async Task A_flood_of_pings_is_answered_without_queueing()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        var pings = Enumerable.Range(0, 200).SelectMany(static i => RawSocket.Ping($"{i}")).ToArray();
        for (var i = 0; i < 200; i++)
        {
            await client.WriteAsync(pings);
        }

        Assert.Equal(0, Assert.Single(harness.Server.Connections.Snapshot()).Backlog.Messages);
        await client.WriteAsync(RawSocket.Ping("last"));
        RawFrame pong;
        do
        {
            pong = await client.ExpectAsync(WebSocketOpcode.Pong);
        }
        while (pong.Text != "last");
        await client.SendAsync("still here");
        await client.ExpectTextAsync("still here");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task A_close_is_echoed(int code)
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect(out var ended);
        await client.WriteAsync(RawSocket.Close(code));
        await client.ExpectCloseAsync(code, answer: false);
        await client.ExpectEndAsync();
        await ended;
    }

    [Fact]
    public async Task A_close_without_a_code_is_answered_with_1000()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect(out var ended);
        await client.WriteAsync(RawSocket.Frame(WebSocketOpcode.Close, []));
        await client.ExpectCloseAsync(WebSocketCloseCode.NormalClosure, answer: false);
        await ended;
    }

    [Fact]
    public async Task What_was_sent_before_a_close_is_answered_and_nothing_after_it()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect(out var ended);
        await client.SendAsync(EchoActor.Close);
        await client.ExpectCloseAsync(4000, answer: false);
        await client.SendAsync("too late");
        await client.WriteAsync(RawSocket.Close(4000));
        await client.ExpectEndAsync();
        await ended;
    }

    [Fact]
    public async Task A_client_that_does_not_answer_a_close_is_cut()
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect(out var ended);
        await client.SendAsync(EchoActor.Close);
        await client.ExpectCloseAsync(4000, answer: false);
        harness.Advance(6);
        await client.ExpectEndAsync();
        await ended;
    }

    [Fact]
    public async Task Random_bytes_hurt_nobody_else()
    {
        const int Rounds = 400;
        await using var harness = new SocketHarness();
        var bystander = await harness.ConnectLoggedInAsync();
        var random = new Random(20260101);
        var noise = new byte[4096];
        for (var round = 0; round < Rounds; round++)
        {
            var client = harness.Connect(out var ended);
            random.NextBytes(noise);
            if (round % 2 == 0)
            {
                // Past the first check, so that the noise is read as lengths, masks and payloads.
                noise[0] = (byte)(0x80 | random.Next(0, 3));
                noise[1] |= 0x80;
            }

            await client.WriteAsync(noise.AsMemory(0, random.Next(1, noise.Length)));
            client.Abort();
            await ended;
            if (round % 50 == 0)
            {
                await bystander.SendAsync($"round {round}");
                await bystander.ExpectTextAsync($"round {round}");
            }
        }

        Assert.Equal(1, harness.Server.Connections.Count);
        Assert.Empty(harness.Errors);
    }

    private static async Task<List<string>> ReadAsync(RawSocket client, int count)
    {
        var frames = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var frame = await client.ReadFrameAsync();
            Assert.NotNull(frame);
            frames.Add($"{frame.Opcode}:{frame.Text}");
        }

        return frames;
    }
}
