using System.Buffers.Text;
using System.Text;

namespace PeerSync.Bench.Sharing;

/// <summary>
/// Finds the ends of HTTP/1.1 answers in what a connection receives, in whichever pieces it comes, and keeps no body unless it is asked to. For one request
/// at a time.
/// </summary>
internal sealed class HttpAnswerReader
{
    private const int MaxHead = 16 * 1024;

    private readonly byte[] _head = new byte[MaxHead];
    private int _headLength;
    private State _state;
    private long _left;
    private MemoryStream? _body;

    private enum State
    {
        Head,
        Body,
        ChunkSize,
        ChunkData,
        Trailer,
    }

    /// <summary>The status of the answer that was read last.</summary>
    public int Status { get; private set; }

    /// <summary>Whether bodies are kept.</summary>
    public bool KeepsBody { get; set; }

    /// <summary>The body of the answer that was read last, if it was kept.</summary>
    public ReadOnlyMemory<byte> Body => _body is null ? default : _body.GetBuffer().AsMemory(0, (int)_body.Length);

    /// <summary>Reads on.</summary>
    /// <param name="data">What was received; nothing may come behind the answer's end.</param>
    /// <returns>Whether the answer is complete.</returns>
    /// <exception cref="InvalidDataException">That is no answer to one request.</exception>
    public bool Read(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var isComplete = _state switch
            {
                State.Head => ReadHead(ref data),
                State.ChunkSize => ReadChunkSize(ref data),
                State.Trailer => ReadTrailer(ref data),
                _ => ReadBytes(ref data),
            };
            if (isComplete)
            {
                _state = State.Head;
                _headLength = 0;
                return data.IsEmpty ? true : throw new InvalidDataException("More came than one answer.");
            }
        }

        return false;
    }

    // A line with its end, or nothing as long as it is not whole.
    private ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (_headLength == MaxHead)
            {
                throw new InvalidDataException("A line does not end.");
            }

            var next = data[0];
            data = data[1..];
            _head[_headLength++] = next;
            if (next == '\n')
            {
                var line = _head.AsSpan(0, _headLength);
                _headLength = 0;
                return line;
            }
        }

        return [];
    }

    private bool ReadHead(ref ReadOnlySpan<byte> data)
    {
        var end = -1;
        while (!data.IsEmpty && end < 0)
        {
            if (_headLength == MaxHead)
            {
                throw new InvalidDataException("The head of an answer does not end.");
            }

            _head[_headLength++] = data[0];
            data = data[1..];
            end = _head.AsSpan(0, _headLength).EndsWith("\r\n\r\n"u8) ? _headLength : -1;
        }

        if (end < 0)
        {
            return false;
        }

        var head = Encoding.ASCII.GetString(_head, 0, end);
        _headLength = 0;
        _body = KeepsBody ? new MemoryStream() : null;
        if (!head.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || !int.TryParse(head.AsSpan(9, 3), out var status))
        {
            throw new InvalidDataException("That is no answer: " + head);
        }

        Status = status;
        if (Header(head, "Transfer-Encoding").Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            _state = State.ChunkSize;
            return false;
        }

        _left = long.TryParse(Header(head, "Content-Length"), out var length) ? length : throw new InvalidDataException("No length: " + head);
        _state = State.Body;
        return _left == 0;
    }

    private static string Header(string head, string name)
    {
        var start = head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return string.Empty;
        }

        start += name.Length + 3;
        return head[start..head.IndexOf('\r', start)].Trim();
    }

    private bool ReadBytes(ref ReadOnlySpan<byte> data)
    {
        var taken = (int)Math.Min(_left, data.Length);
        var payload = _state == State.ChunkData ? Math.Min(taken, Math.Max(0, (int)Math.Min(int.MaxValue, _left - 2))) : taken;
        _body?.Write(data[..payload]);
        data = data[taken..];
        _left -= taken;
        if (_left > 0)
        {
            return false;
        }

        var isChunk = _state == State.ChunkData;
        _state = State.ChunkSize;
        return !isChunk;
    }

    private bool ReadChunkSize(ref ReadOnlySpan<byte> data)
    {
        var line = TakeLine(ref data);
        if (line.IsEmpty)
        {
            return false;
        }

        if (!Utf8Parser.TryParse(line, out int size, out _, 'x'))
        {
            throw new InvalidDataException("That is no size of a chunk: " + Encoding.ASCII.GetString(line));
        }

        // With the line end behind it.
        _left = size + 2;
        _state = size == 0 ? State.Trailer : State.ChunkData;
        return false;
    }

    private bool ReadTrailer(ref ReadOnlySpan<byte> data) => TakeLine(ref data).SequenceEqual("\r\n"u8);
}
