using System.Buffers;
using System.Globalization;
using System.Text;
using PeerSync.Protocol.Sharing.Resp;

namespace PeerSync.Tests.Sharing;

public sealed class RespReaderTests
{
    private static readonly string[] Words = ["subscribe", "osmynt-recent-snippets", "", "a\r\nb", "ü"];

    [Fact]
    public void A_command_is_read_whole_and_split_at_every_byte()
    {
        var bytes = Command(Words);
        for (var first = 0; first <= bytes.Length; first++)
        {
            Assert.Equal(Words, Read(Sequence(bytes, first), out var consumed));
            Assert.Equal(bytes.Length, consumed);
        }

        var shattered = Sequence(bytes, [.. Enumerable.Range(1, bytes.Length - 1)]);
        Assert.Equal(Words, Read(shattered, out _));
    }

    [Fact]
    public void What_follows_a_command_is_left()
    {
        var bytes = Command("PING").Concat(Command("QUIT")).ToArray();
        Assert.Equal(["PING"], Read(new ReadOnlySequence<byte>(bytes), out var consumed));
        Assert.Equal(["QUIT"], Read(new ReadOnlySequence<byte>(bytes.AsMemory(consumed)), out _));
    }

    [Fact]
    public void A_truncated_command_waits_for_the_rest()
    {
        var bytes = Command(Words);
        for (var length = 0; length < bytes.Length; length++)
        {
            var status = RespReader.Read(new ReadOnlySequence<byte>(bytes.AsMemory(0, length)), out _, out _, out var error);
            Assert.Equal((RespReadStatus.NeedMoreData, null), (status, error));
        }
    }

    [Theory]
    [InlineData("*0\r\n")]
    public void The_empty_command_has_no_words(string text)
    {
        Assert.Empty(Read(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text)), out var consumed));
        Assert.Equal(text.Length, consumed);
    }

    [Theory]
    [InlineData("PING\r\n", "inline")]
    [InlineData("\r\n", "inline")]
    [InlineData("GET / HTTP/1.1\r\n", "inline")]
    [InlineData("*65\r\n", "multibulk length")]
    [InlineData("*-1\r\n", "multibulk length")]
    [InlineData("*4294967297\r\n", "multibulk length")]
    [InlineData("*99999999999\r\n", "multibulk length")]
    [InlineData("*\r\n", "multibulk length")]
    [InlineData("*1x", "multibulk length")]
    [InlineData("*1\rx", "multibulk length")]
    [InlineData("*+1\r\n", "multibulk length")]
    [InlineData("*1\r\n:1\r\n", "expected '$'")]
    [InlineData("*1\r\n+OK\r\n", "expected '$'")]
    [InlineData("*1\r\n$-1\r\n", "bulk length")]
    [InlineData("*1\r\n$65537\r\n", "bulk length")]
    [InlineData("*1\r\n$4294967297\r\n", "bulk length")]
    [InlineData("*1\r\n$99999999999\r\n", "bulk length")]
    [InlineData("*1\r\n$\r\n", "bulk length")]
    [InlineData("*1\r\n$4\r\nPINGxx", "without its end")]
    public void What_is_no_command_is_refused(string text, string expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var status = RespReader.Read(new ReadOnlySequence<byte>(bytes), out _, out _, out var error);
        Assert.Equal(RespReadStatus.ProtocolError, status);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.StartsWith("Protocol error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_command_is_read_and_a_larger_one_refused_before_it_has_come()
    {
        var many = Enumerable.Range(0, RespLimits.MaxBulks).Select(static i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(many, Read(new ReadOnlySequence<byte>(Command(many)), out _));

        var longest = new string('a', RespLimits.MaxBulkLength);
        Assert.Equal(["x", longest], Read(new ReadOnlySequence<byte>(Command("x", longest)), out _));

        var tooLong = Encoding.ASCII.GetBytes($"*3\r\n${longest.Length}\r\n{longest}\r\n${longest.Length}\r\n{longest}\r\n$1000\r\n");
        Assert.Equal(RespReadStatus.ProtocolError, RespReader.Read(new ReadOnlySequence<byte>(tooLong), out _, out _, out var error));
        Assert.Equal("Protocol error: too big command", error);
    }

    [Fact]
    public void Words_are_compared_across_segments_and_cases()
    {
        var bytes = Command("SubScribe", "abc");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(RespReadStatus.Complete, RespReader.Read(Sequence(bytes, cut), out var command, out _, out _));
            Assert.True(command.Is(0, "SUBSCRIBE"u8));
            Assert.False(command.Is(0, "SUBSCRIBX"u8));
            Assert.False(command.Is(0, "SUBSCRIBES"u8));
            Assert.True(command.Equals(1, "abc"u8));
            Assert.False(command.Equals(1, "ABC"u8));
            Assert.False(command.Equals(1, "abd"u8));
            Assert.False(command.Equals(1, "abcd"u8));
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_never_more_than_there_are()
    {
        var random = new Random(20260614);
        var alphabet = "*$0123456789-\r\nPINGaé"u8.ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = new byte[random.Next(0, 64)];
            foreach (ref var one in bytes.AsSpan())
            {
                one = random.Next(10) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            if (random.Next(2) == 0 && bytes.Length > 4)
            {
                "*2\r\n"u8.CopyTo(bytes);
            }

            var whole = RespReader.Read(new ReadOnlySequence<byte>(bytes), out var command, out var consumed, out var error);
            Assert.Equal(whole == RespReadStatus.ProtocolError, error is not null);
            Assert.InRange(consumed, 0, bytes.Length);
            var split = RespReader.Read(Sequence(bytes, random.Next(bytes.Length + 1)), out _, out var again, out _);
            Assert.Equal((whole, consumed), (split, again));
            for (var word = 0; word < command.Count; word++)
            {
                Assert.Equal(command.Length(word), command[word].Length);
            }
        }
    }

    [Fact]
    public void Answers_are_written_as_Redis_writes_them()
    {
        var output = new ArrayBufferWriter<byte>();
        RespWriter.SimpleString(output, "OK"u8);
        RespWriter.Error(output, "ERR a\r\nbü");
        RespWriter.Number(output, -3);
        RespWriter.Array(output, 2);
        RespWriter.Bulk(output, "é");
        RespWriter.Null(output);
        RespWriter.Message(output, "c"u8, "{}"u8);
        RespWriter.Subscription(output, "subscribe"u8, Sequence("chan"u8.ToArray(), 2), 1);
        Assert.Equal(
            "+OK\r\n-ERR a??b?\r\n:-3\r\n*2\r\n$2\r\né\r\n$-1\r\n*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\n{}\r\n*3\r\n$9\r\nsubscribe\r\n$4\r\nchan\r\n:1\r\n",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static byte[] Command(params string[] words) => Encoding.UTF8.GetBytes(
        $"*{words.Length}\r\n" + string.Concat(words.Select(static word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")));

    private static string[] Read(ReadOnlySequence<byte> bytes, out int consumed)
    {
        Assert.Equal(RespReadStatus.Complete, RespReader.Read(bytes, out var command, out consumed, out _));
        var words = new string[command.Count];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = command.GetText(i);
        }

        return words;
    }

    private static ReadOnlySequence<byte> Sequence(byte[] bytes, params int[] cuts)
    {
        var first = new Segment(bytes.AsMemory(0, cuts.Length == 0 ? bytes.Length : cuts[0]), null);
        var last = first;
        for (var i = 0; i < cuts.Length; i++)
        {
            var end = i + 1 < cuts.Length ? cuts[i + 1] : bytes.Length;
            last = new Segment(bytes.AsMemory(cuts[i], end - cuts[i]), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
