using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace PeerSync.Protocol.Sharing.Resp;

/// <summary>A command as slices of the bytes that it was read from. Valid as long as those are.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is what Redis calls it.")]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Nobody compares commands.")]
public struct RespCommand
{
    private readonly ReadOnlySequence<byte> _buffer;
    private Words _words;

    internal RespCommand(in ReadOnlySequence<byte> buffer)
    {
        _buffer = buffer;
    }

    /// <summary>How many words it has; the first is its name. 0 for the empty command, which has no answer.</summary>
    public int Count { get; private set; }

    /// <summary>How long a word is, in bytes.</summary>
    public readonly int Length(int index) => At(index).Length;

    /// <summary>A word.</summary>
    public readonly ReadOnlySequence<byte> this[int index]
    {
        get
        {
            var (start, length) = At(index);
            return _buffer.Slice(start, length);
        }
    }

    /// <summary>Whether a word is some ASCII text, whatever the case of its letters.</summary>
    /// <param name="index">Which word.</param>
    /// <param name="text">At most 32 bytes.</param>
    [SkipLocalsInit]
    public readonly bool Is(int index, ReadOnlySpan<byte> text)
    {
        if (Length(index) != text.Length)
        {
            return false;
        }

        Span<byte> word = stackalloc byte[32];
        word = word[..text.Length];
        this[index].CopyTo(word);
        return Ascii.EqualsIgnoreCase(word, text);
    }

    /// <summary>Whether a word has exactly these bytes.</summary>
    public readonly bool Equals(int index, ReadOnlySpan<byte> bytes)
    {
        if (Length(index) != bytes.Length)
        {
            return false;
        }

        foreach (var segment in this[index])
        {
            if (!bytes.StartsWith(segment.Span))
            {
                return false;
            }

            bytes = bytes[segment.Length..];
        }

        return true;
    }

    /// <summary>A word as text; what is no UTF-8 becomes U+FFFD. Allocates.</summary>
    public readonly string GetText(int index) => Encoding.UTF8.GetString(this[index]);

    internal void Add(int start, int length)
    {
        _words[Count] = new Word(start, length);
        Count++;
    }

    private readonly Word At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _words[index];
    }

    private readonly record struct Word(int Start, int Length);

    [InlineArray(RespLimits.MaxBulks)]
    private struct Words
    {
        private Word _first;
    }
}
