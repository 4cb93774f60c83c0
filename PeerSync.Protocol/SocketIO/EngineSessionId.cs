using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Protocol.SocketIO;

/// <summary>The id of an Engine.IO session, which whoever knows it can speak for: 120 random bits, 20 characters of base64url on the wire.</summary>
/// <remarks>Two numbers instead of a string, so that the table of all sessions stays small.</remarks>
public readonly record struct EngineSessionId
{
    /// <summary>The length of the text form.</summary>
    public const int TextLength = 20;

    private const int Size = 15;

    private readonly ulong _first;
    private readonly ulong _second;

    private EngineSessionId(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[(Size - sizeof(ulong))..]);
    }

    /// <summary>A new id from the system's random number generator.</summary>
    public static EngineSessionId Create()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return new EngineSessionId(bytes);
    }

    /// <summary>Reads the text form; there is exactly one for every id.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EngineSessionId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];

        // The framework's decoder skips white space, but 20 characters that yield 15 bytes had none. Its Try method throws on other characters.
        if (text.Length != TextLength || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size)
        {
            return false;
        }

        id = new EngineSessionId(bytes);
        return true;
    }

    /// <summary>Writes the text form.</summary>
    /// <param name="destination">At least <see cref="TextLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void Format(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[(Size - sizeof(ulong))..], _second);
        if (!Base64Url.TryEncodeToUtf8(bytes, destination, out _))
        {
            throw new ArgumentException("The destination is too short.", nameof(destination));
        }
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLength];
        Format(text);
        return Encoding.ASCII.GetString(text);
    }
}
