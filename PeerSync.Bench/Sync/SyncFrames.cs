using System.Buffers.Text;
using System.Security.Cryptography;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sync;

/// <summary>
/// The frames of a device's events: built once, several times over, and only the digits of their numbers are changed, so that the client's
/// cost of an event is that of sending it. Numbers have ten digits, which keeps all frames equally long.
/// </summary>
internal sealed class SyncFrames
{
    /// <summary>Events of one device that can be in flight: a frame must stay as it is until it has left.</summary>
    public const int Capacity = 256;

    /// <summary>The number of a device's first event. Gaps are normal to the server, also this first one.</summary>
    public const long FirstNumber = 1_000_000_001;

    private const int Digits = 10;
    private const int MaskLength = 4;
    private readonly byte[] _ring;
    private readonly int _frameLength;
    private readonly int _maskAt;
    private readonly int _eventIdAt;
    private readonly int _deviceSeqAt;

    public SyncFrames(SyncIdentity identity, Guid deviceId, int size)
    {
        // The last digits of a version 7 UUID are free; what stands before them is the device's own.
        var eventId = string.Concat(Guid.CreateVersion7().ToString().AsSpan(0, 26), "0000000000");
        var start = "{\"type\":\"event\",\"payload\":{\"event_id\":\"" + eventId + "\",\"user_id\":\"" + identity.UserId + "\",\"device_id\":\"" + deviceId + "\",\"device_seq\":";
        var text = start + FirstNumber + ",\"stream_id\":\"clipboard:main\",\"stream_seq\":0,\"type\":\"clipboard:text\",\"encrypted_payload\":\""
            + Convert.ToBase64String(RandomNumberGenerator.GetBytes(size / 4 * 3)) + "\"}}";
        var frame = ClientFrame.Text(text);
        _frameLength = frame.Length;
        var payloadAt = frame.Length - text.Length;
        _maskAt = payloadAt - MaskLength;
        _eventIdAt = payloadAt + text.IndexOf(eventId, StringComparison.Ordinal) + eventId.Length - Digits;
        _deviceSeqAt = payloadAt + start.Length;
        RelayedNumberAt = start.Length;
        _ring = new byte[frame.Length * Capacity];
        for (var i = 0; i < Capacity; i++)
        {
            frame.CopyTo(_ring, i * frame.Length);
        }
    }

    /// <summary>Where in the relayed message the device's number stands: the server keeps the members' order.</summary>
    public int RelayedNumberAt { get; }

    /// <summary>Reads a number of ten digits; -1 when it is none.</summary>
    public static long ReadNumber(ReadOnlySpan<byte> text)
    {
        return text.Length >= Digits && Utf8Parser.TryParse(text[..Digits], out long number, out var read) && read == Digits ? number : -1;
    }

    /// <summary>Sends the events with these numbers, in as few calls as possible.</summary>
    public void Send(LoadConnection connection, long first, int count)
    {
        while (count > 0)
        {
            var slot = (int)(first % Capacity);
            var run = Math.Min(count, Capacity - slot);
            for (var i = 0; i < run; i++)
            {
                Write(_ring.AsSpan((slot + i) * _frameLength, _frameLength), first + i);
            }

            connection.Send(_ring.AsMemory(slot * _frameLength, run * _frameLength));
            first += run;
            count -= run;
        }
    }

    private void Write(Span<byte> frame, long number)
    {
        var mask = frame.Slice(_maskAt, MaskLength);
        for (var i = Digits - 1; i >= 0; i--)
        {
            var digit = (byte)('0' + (number % 10));
            number /= 10;
            Set(frame, mask, _eventIdAt + i, digit);
            Set(frame, mask, _deviceSeqAt + i, digit);
        }
    }

    private void Set(Span<byte> frame, ReadOnlySpan<byte> mask, int at, byte value)
    {
        frame[at] = (byte)(value ^ mask[(at - _maskAt - MaskLength) & 3]);
    }
}
