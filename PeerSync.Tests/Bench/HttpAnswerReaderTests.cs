using System.Text;
using PeerSync.Bench.Sharing;

namespace PeerSync.Tests.Bench;

public sealed class HttpAnswerReaderTests
{
    public static TheoryData<string, int, string> Answers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello" },
        { "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nX: y\r\n\r\n", 404, "" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nc;x=y\r\n, long name\n\r\n0\r\n\r\n", 200, "hello, long name\n" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void AnAnswerIsReadInAnyPieces(string answer, int status, string body)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);
        for (var split = 1; split < bytes.Length; split++)
        {
            var reader = new HttpAnswerReader { KeepsBody = true };

            // Twice, as on a connection that is kept.
            for (var i = 0; i < 2; i++)
            {
                Assert.False(reader.Read(bytes.AsSpan(0, split)));
                Assert.True(reader.Read(bytes.AsSpan(split)));
                Assert.Equal(status, reader.Status);
                Assert.Equal(body, Encoding.ASCII.GetString(reader.Body.Span));
            }
        }

        var slow = new HttpAnswerReader { KeepsBody = true };
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(i == bytes.Length - 1, slow.Read(bytes.AsSpan(i, 1)));
        }

        Assert.Equal(body, Encoding.ASCII.GetString(slow.Body.Span));
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: y\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public void WhatIsNoAnswerIsRefused(string answer) =>
        Assert.Throws<InvalidDataException>(() => new HttpAnswerReader().Read(Encoding.ASCII.GetBytes(answer)));

    [Fact]
    public void AHeadWithoutAnEndIsRefused() =>
        Assert.Throws<InvalidDataException>(() => new HttpAnswerReader().Read(new byte[20_000]));
}
