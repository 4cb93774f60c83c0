namespace PeerSync.Protocol.SocketIO;

/// <summary>A part of a text, by its place, so that it can be kept beside the text.</summary>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct TextSlice(int Start, int Length)
{
    /// <summary>Whether it has no bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes themselves.</summary>
    /// <param name="text">The text that the slice was taken from.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another, shorter text.</exception>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Start, Length);
}
