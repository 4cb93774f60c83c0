using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeerSync.Protocol.WebSockets;

/// <summary>Masking and unmasking of payloads, which are the same operation (RFC 6455, section 5.3).</summary>
public static class WebSocketMask
{
    /// <summary>Writes the source XORed with the repeated masking key to the destination.</summary>
    /// <param name="source">A run of payload bytes.</param>
    /// <param name="destination">At least as long as the source. It may be the source itself, but must not overlap it otherwise.</param>
    /// <param name="key">The key as <see cref="WebSocketFrameHeader.MaskKey"/> gives it.</param>
    /// <param name="phase">How many bytes of the same payload came before this run; only its remainder by 4 matters.</param>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static void Apply(ReadOnlySpan<byte> source, Span<byte> destination, uint key, int phase)
    {
        if (destination.Length < source.Length)
        {
            ThrowTooShort();
        }

        // Every step below takes a multiple of four bytes, so the rotated key stays in phase until the last few bytes.
        key = BitOperations.RotateRight(key, (phase & 3) * 8);
        var pattern = BitConverter.IsLittleEndian ? key : BinaryPrimitives.ReverseEndianness(key);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var length = (nuint)(uint)source.Length;
        nuint offset = 0;

        if (Vector256.IsHardwareAccelerated && length >= (nuint)Vector256<byte>.Count)
        {
            var mask = Vector256.Create(pattern).AsByte();
            for (; offset <= length - (nuint)Vector256<byte>.Count; offset += (nuint)Vector256<byte>.Count)
            {
                (Vector256.LoadUnsafe(ref from, offset) ^ mask).StoreUnsafe(ref to, offset);
            }
        }

        if (Vector128.IsHardwareAccelerated && length - offset >= (nuint)Vector128<byte>.Count)
        {
            var mask = Vector128.Create(pattern).AsByte();
            for (; offset <= length - (nuint)Vector128<byte>.Count; offset += (nuint)Vector128<byte>.Count)
            {
                (Vector128.LoadUnsafe(ref from, offset) ^ mask).StoreUnsafe(ref to, offset);
            }
        }

        for (var i = (int)offset; i < source.Length; i++)
        {
            destination[i] = (byte)(source[i] ^ (byte)(key >> ((i & 3) * 8)));
        }

        static void ThrowTooShort() => throw new ArgumentException("The destination is shorter than the source.", nameof(destination));
    }
}
