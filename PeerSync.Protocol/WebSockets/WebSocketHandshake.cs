using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Protocol.WebSockets;

/// <summary>The opening handshake of a server (RFC 6455, section 4.2).</summary>
/// <remarks>
/// The parser is a fast path beside an ordinary HTTP server: it recognises plain, complete upgrade requests and nothing else. Whatever it does
/// not recognise goes to that server, which answers errors, so the parser is strict and never says why.
/// </remarks>
public static partial class WebSocketHandshake
{
    /// <summary>The length in bytes of the longest request head that <see cref="TryParse"/> looks at.</summary>
    public const int MaxHeadLength = 16384;

    private const int KeyLength = 24;
    private const int KeySymbols = 22;
    private const int AcceptLength = 28;

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // RFC 3986's pchar without percent-encoding, and the slash.
    private const string PathSymbols = Alphanumeric + "-._~!$&'()*+,;=:@/";

    // RFC 9110's tchar.
    private static readonly SearchValues<byte> TokenBytes = Bytes(Alphanumeric + "!#$%&'*+-.^_`|~");
    private static readonly SearchValues<byte> PathBytes = Bytes(PathSymbols);
    private static readonly SearchValues<byte> QueryBytes = Bytes(PathSymbols + "?%");
    private static readonly SearchValues<byte> HostBytes = Bytes(Alphanumeric + "-._:[]");
    private static readonly SearchValues<byte> KeyBytes = Bytes(Alphanumeric + "+/");
    private static readonly SearchValues<char> KeyChars = SearchValues.Create(Alphanumeric + "+/");

    /// <summary>Recognises a complete, plain HTTP/1.1 upgrade request at the start of some bytes.</summary>
    /// <param name="bytes">What has been received. Bytes behind the head are not looked at.</param>
    /// <param name="upgrade">What the request says.</param>
    /// <param name="headLength">The length of the head with its empty line; 0 when the result is false.</param>
    /// <returns>
    /// True for a GET in origin form without percent-encoding or dot segments in its path, with exactly one Host, one valid Sec-WebSocket-Key and
    /// one Sec-WebSocket-Version of 13, with upgrade in Connection and websocket in Upgrade, no body, no Expect, CRLF line ends, printable ASCII
    /// only, and at most <see cref="MaxHeadLength"/> bytes. False for everything else, incomplete heads included.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WebSocketUpgrade? upgrade, out int headLength)
    {
        upgrade = null;
        headLength = 0;
        var end = bytes[..Math.Min(bytes.Length, MaxHeadLength)].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        // The head without its empty line: every line, the last one too, ends in CRLF.
        var rest = bytes[..(end + 2)];
        if (!TryReadLine(ref rest, out var requestLine) || !TryReadRequestLine(requestLine, out var path, out var query))
        {
            return false;
        }

        var fields = default(UpgradeFields);
        while (!rest.IsEmpty)
        {
            if (!TryReadLine(ref rest, out var line) || !TryReadField(line, ref fields))
            {
                return false;
            }
        }

        if (!fields.IsComplete)
        {
            return false;
        }

        headLength = end + 4;
        upgrade = new WebSocketUpgrade(Encoding.ASCII.GetString(path), Encoding.ASCII.GetString(query), fields.Key!)
        {
            Host = fields.Host,
            Origin = fields.Origin,
            Protocol = fields.Protocol,
            ForwardedFor = fields.ForwardedFor,
            ForwardedProto = fields.ForwardedProto,
            UserAgent = fields.UserAgent,
            Authorization = fields.Authorization,
        };
        return true;
    }

    /// <summary>Whether a Sec-WebSocket-Key has the form of 16 bytes in base64: 22 symbols and two equals signs.</summary>
    /// <remarks>The unused low bits of the last symbol may be set: RFC 6455's own example in section 4.1 has them set.</remarks>
    public static bool IsValidKey([NotNullWhen(true)] string? key) =>
        key is { Length: KeyLength }
        && !key.AsSpan(0, KeySymbols).ContainsAnyExcept(KeyChars)
        && key.EndsWith("==", StringComparison.Ordinal);

    /// <summary>The value of Sec-WebSocket-Accept that answers a key.</summary>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    public static string ComputeAccept(string key)
    {
        Span<byte> accept = stackalloc byte[AcceptLength];
        ComputeAccept(key, accept);
        return Encoding.ASCII.GetString(accept);
    }

    /// <summary>Writes the response that accepts an upgrade.</summary>
    /// <param name="output">Takes the whole response head.</param>
    /// <param name="key">The client's valid Sec-WebSocket-Key.</param>
    /// <param name="protocol">The chosen subprotocol, or null for none.</param>
    /// <exception cref="ArgumentException">The key is not valid, or the protocol is not a token of RFC 9110.</exception>
    public static void WriteResponse(IBufferWriter<byte> output, string key, string? protocol)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> accept = stackalloc byte[AcceptLength];
        ComputeAccept(key, accept);

        // Checked before the first byte is written: a protocol with a line break in it would be a header of the client's making.
        var protocolBytes = protocol is null ? [] : Encoding.UTF8.GetBytes(protocol);
        if (protocol is not null && !IsToken(protocolBytes))
        {
            throw new ArgumentException("A subprotocol is a token.", nameof(protocol));
        }

        output.Write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "u8);
        output.Write(accept);
        if (protocol is not null)
        {
            output.Write("\r\nSec-WebSocket-Protocol: "u8);
            output.Write(protocolBytes);
        }

        output.Write("\r\n\r\n"u8);
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 prescribes SHA-1 here; nothing is protected by it.")]
    private static void ComputeAccept(string key, Span<byte> accept)
    {
        if (!IsValidKey(key))
        {
            throw new ArgumentException("The key is not 16 bytes in base64.", nameof(key));
        }

        var suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;
        Span<byte> input = stackalloc byte[KeyLength + suffix.Length];
        _ = Encoding.ASCII.GetBytes(key, input);
        suffix.CopyTo(input[KeyLength..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        _ = Base64.EncodeToUtf8(hash, accept, out _, out _);
    }

    private static bool TryReadLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = rest[..end];
        rest = rest[(end + 2)..];

        // A bare CR or LF is outside this range too, so no line can hide another one.
        return !line.ContainsAnyExceptInRange((byte)' ', (byte)'~');
    }

    private static bool TryReadRequestLine(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> path, out ReadOnlySpan<byte> query)
    {
        path = default;
        query = default;
        if (!line.StartsWith("GET /"u8) || !line.EndsWith(" HTTP/1.1"u8))
        {
            return false;
        }

        var target = line["GET ".Length..^" HTTP/1.1".Length];
        var mark = target.IndexOf((byte)'?');
        path = mark < 0 ? target : target[..mark];
        query = mark < 0 ? default : target[(mark + 1)..];
        return !path.ContainsAnyExcept(PathBytes) && !query.ContainsAnyExcept(QueryBytes) && !HasDotSegment(path);
    }

    private static bool HasDotSegment(ReadOnlySpan<byte> path) =>
        path.IndexOf("/./"u8) >= 0 || path.IndexOf("/../"u8) >= 0 || path.EndsWith("/."u8) || path.EndsWith("/.."u8);

    private static bool TryReadField(ReadOnlySpan<byte> line, ref UpgradeFields fields)
    {
        // A continued line begins with a space, which is no token byte.
        var colon = line.IndexOf((byte)':');
        return colon > 0 && IsToken(line[..colon]) && fields.TryAdd(line[..colon], line[(colon + 1)..].Trim((byte)' '));
    }

    private static bool IsToken(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && !bytes.ContainsAnyExcept(TokenBytes);

    private static SearchValues<byte> Bytes(string symbols) => SearchValues.Create(Encoding.ASCII.GetBytes(symbols));
}
