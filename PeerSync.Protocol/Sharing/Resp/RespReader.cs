using System.Buffers;
using System.Buffers.Text;

namespace PeerSync.Protocol.Sharing.Resp;

/// <summary>Reads commands as clients of Redis send them: arrays of bulk strings (RESP2). Copies nothing.</summary>
/// <remarks>Pure functions, safe on any thread. Commands as lines ("inline commands") are refused: only people at a terminal send them, and web pages by trickery.</remarks>
public static class RespReader
{
    /// <summary>An array header or a bulk header has at most so many digits.</summary>
    private const int MaxDigits = 10;

    /// <summary>Reads the command that the bytes begin with.</summary>
    /// <param name="buffer">What was received and not consumed.</param>
    /// <param name="command">The command, where it is complete.</param>
    /// <param name="consumed">How many bytes it takes, where it is complete.</param>
    /// <param name="error">What to tell the client, in Redis's words, where the bytes are no command.</param>
    public static RespReadStatus Read(in ReadOnlySequence<byte> buffer, out RespCommand command, out int consumed, out string? error)
    {
        command = new RespCommand(buffer);
        consumed = 0;
        error = null;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var type))
        {
            return RespReadStatus.NeedMoreData;
        }

        if (type != (byte)'*')
        {
            error = "Protocol error: inline commands are not supported";
            return RespReadStatus.ProtocolError;
        }

        var status = ReadLength(ref reader, RespLimits.MaxBulks, out var count);
        if (status == RespReadStatus.ProtocolError)
        {
            error = "Protocol error: invalid multibulk length";
        }

        for (var i = 0; i < count && status == RespReadStatus.Complete; i++)
        {
            status = ReadBulk(ref reader, ref command, out error);
        }

        if (status == RespReadStatus.NeedMoreData && buffer.Length >= RespLimits.MaxCommandLength)
        {
            error = "Protocol error: too big command";
            return RespReadStatus.ProtocolError;
        }

        consumed = (int)reader.Consumed;
        return status;
    }

    private static RespReadStatus ReadBulk(ref SequenceReader<byte> reader, ref RespCommand command, out string? error)
    {
        error = null;
        if (!reader.TryRead(out var type))
        {
            return RespReadStatus.NeedMoreData;
        }

        if (type != (byte)'$')
        {
            error = "Protocol error: expected '$'";
            return RespReadStatus.ProtocolError;
        }

        var status = ReadLength(ref reader, RespLimits.MaxBulkLength, out var length);
        if (status != RespReadStatus.Complete)
        {
            error = status == RespReadStatus.ProtocolError ? "Protocol error: invalid bulk length" : null;
            return status;
        }

        var start = reader.Consumed;
        if (start + length + 2 > RespLimits.MaxCommandLength)
        {
            error = "Protocol error: too big command";
            return RespReadStatus.ProtocolError;
        }

        if (reader.Remaining < length)
        {
            return RespReadStatus.NeedMoreData;
        }

        reader.Advance(length);
        status = ReadLineEnd(ref reader);
        if (status == RespReadStatus.Complete)
        {
            command.Add((int)start, length);
        }

        error = status == RespReadStatus.ProtocolError ? "Protocol error: bulk string without its end" : null;
        return status;
    }

    private static RespReadStatus ReadLength(ref SequenceReader<byte> reader, int most, out int length)
    {
        length = 0;
        Span<byte> digits = stackalloc byte[MaxDigits];
        var count = 0;
        while (true)
        {
            if (!reader.TryPeek(out var digit))
            {
                return RespReadStatus.NeedMoreData;
            }

            if (digit == (byte)'\r')
            {
                break;
            }

            if (count == MaxDigits || !char.IsAsciiDigit((char)digit))
            {
                return RespReadStatus.ProtocolError;
            }

            digits[count++] = digit;
            reader.Advance(1);
        }

        if (!Utf8Parser.TryParse(digits[..count], out uint value, out _) || value > most)
        {
            return RespReadStatus.ProtocolError;
        }

        length = (int)value;
        return ReadLineEnd(ref reader);
    }

    private static RespReadStatus ReadLineEnd(ref SequenceReader<byte> reader)
    {
        foreach (var expected in "\r\n"u8)
        {
            if (!reader.TryRead(out var actual))
            {
                return RespReadStatus.NeedMoreData;
            }

            if (actual != expected)
            {
                return RespReadStatus.ProtocolError;
            }
        }

        return RespReadStatus.Complete;
    }
}
