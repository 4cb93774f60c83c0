using System.Buffers.Binary;
using System.Text;
using PeerSync.Kernel;

namespace PeerSync.Actors.Sync;

/// <summary>The form of the Sync feature's journal records and snapshots: little-endian binary, with the event's JSON last, as it was relayed.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SyncSerializer : SerializerWithStringManifest
{
    private const string StoredManifest = "e1";
    private const string JoinedManifest = "j1";
    private const string StateManifest = "s1";
    private const int GuidSize = 16;
    private const int FixedSize = GuidSize + GuidSize + sizeof(long) + sizeof(long) + sizeof(long) + sizeof(ushort);

    /// <inheritdoc />
    public override int Identifier => 4001;

    /// <summary>The types that it writes.</summary>
    public static ReadOnlySpan<Type> Types => new[] { typeof(EventStored), typeof(DeviceJoined), typeof(SyncUserSnapshot) };

    /// <summary>The event object within a stored event's record; empty for records of another kind.</summary>
    /// <exception cref="FormatException">The record is damaged.</exception>
    public static ReadOnlyMemory<byte> JsonOf(string manifest, byte[] record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (manifest != StoredManifest)
        {
            return default;
        }

        var start = FixedSize + (record.Length < FixedSize ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(FixedSize - sizeof(ushort))));
        return record.Length < start ? throw Damaged() : record.AsMemory(start);
    }

    /// <summary>The device's number of a stored event, by which the device that receives it will confirm it; 0 for records of another kind.</summary>
    public static long DeviceSeqOf(string manifest, byte[] record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return manifest == StoredManifest && record.Length >= FixedSize ? BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(2 * GuidSize)) : 0;
    }

    /// <summary>Whose a stored event is; empty for records of another kind.</summary>
    public static Guid DeviceOf(string manifest, byte[] record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return manifest == StoredManifest && record.Length >= FixedSize ? new Guid(record.AsSpan(GuidSize, GuidSize)) : Guid.Empty;
    }

    /// <summary>When a stored event expires, in Unix milliseconds; <see cref="long.MaxValue"/> when it does not.</summary>
    public static long TtlOf(string manifest, byte[] record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return manifest == StoredManifest && record.Length >= FixedSize
            ? BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan((2 * GuidSize) + (2 * sizeof(long))))
            : long.MaxValue;
    }

    /// <inheritdoc />
    public override string Manifest(object o) => o switch
    {
        EventStored => StoredManifest,
        DeviceJoined => JoinedManifest,
        SyncUserSnapshot => StateManifest,
        _ => throw Unknown(o),
    };

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj switch
    {
        EventStored stored => Write(stored),
        DeviceJoined joined => joined.DeviceId.ToByteArray(),
        SyncUserSnapshot snapshot => snapshot.Encoded,
        _ => throw Unknown(obj),
    };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            return manifest switch
            {
                StoredManifest => ReadStored(bytes),
                JoinedManifest => new DeviceJoined(new Guid(bytes)),
                StateManifest => new SyncUserSnapshot(bytes),
                _ => throw new FormatException($"The manifest {manifest} is not known."),
            };
        }
        catch (ArgumentException exception)
        {
            throw new FormatException("The record is damaged.", exception);
        }
    }

    private static byte[] Write(EventStored stored)
    {
        var streamLength = Encoding.UTF8.GetByteCount(stored.StreamId);
        var bytes = new byte[FixedSize + streamLength + stored.Json.Length];
        var span = bytes.AsSpan();
        stored.EventId.TryWriteBytes(span);
        stored.DeviceId.TryWriteBytes(span[GuidSize..]);
        BinaryPrimitives.WriteInt64LittleEndian(span[(2 * GuidSize)..], stored.DeviceSeq);
        BinaryPrimitives.WriteInt64LittleEndian(span[((2 * GuidSize) + sizeof(long))..], stored.StreamSeq);
        BinaryPrimitives.WriteInt64LittleEndian(span[((2 * GuidSize) + (2 * sizeof(long)))..], stored.Ttl);
        BinaryPrimitives.WriteUInt16LittleEndian(span[(FixedSize - sizeof(ushort))..], checked((ushort)streamLength));
        Encoding.UTF8.GetBytes(stored.StreamId, span[FixedSize..]);
        stored.Json.Span.CopyTo(span[(FixedSize + streamLength)..]);
        return bytes;
    }

    private static EventStored ReadStored(byte[] bytes)
    {
        var json = JsonOf(StoredManifest, bytes);
        var span = bytes.AsSpan();
        return new EventStored(
            new Guid(span[..GuidSize]),
            new Guid(span.Slice(GuidSize, GuidSize)),
            BinaryPrimitives.ReadInt64LittleEndian(span[(2 * GuidSize)..]),
            Encoding.UTF8.GetString(span[FixedSize..(bytes.Length - json.Length)]),
            BinaryPrimitives.ReadInt64LittleEndian(span[((2 * GuidSize) + sizeof(long))..]),
            TtlOf(StoredManifest, bytes),
            json);
    }

    /// <summary>Writes a user's state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="forgetUpTo">Events of this sequence number and below are left out of the events known by their ids.</param>
    internal static byte[] Write(SyncUserState state, long forgetUpTo)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(state.Devices.Count);
        foreach (var (deviceId, numbers) in state.Devices)
        {
            writer.Write(deviceId.ToByteArray());
            writer.Write(numbers.Intervals.Count);
            foreach (var (first, last) in numbers.Intervals)
            {
                writer.Write(first);
                writer.Write(last);
            }
        }

        writer.Write(state.Positions.Count);
        foreach (var (deviceId, sequenceNr) in state.Positions)
        {
            writer.Write(deviceId.ToByteArray());
            writer.Write(sequenceNr);
        }

        writer.Write(state.Streams.Count);
        foreach (var (streamId, last) in state.Streams)
        {
            writer.Write(streamId);
            writer.Write(last);
        }

        writer.Write(state.Events.Values.Count(sequenceNr => sequenceNr > forgetUpTo));
        foreach (var (eventId, sequenceNr) in state.Events)
        {
            if (sequenceNr > forgetUpTo)
            {
                writer.Write(eventId.ToByteArray());
                writer.Write(sequenceNr);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads a user's state.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    internal static SyncUserState ReadState(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
            var state = ReadState(reader);
            return reader.BaseStream.Position == bytes.Length ? state : throw Damaged();
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            throw new FormatException("The snapshot is damaged.", exception);
        }
    }

    private static int ReadCount(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        return count >= 0 ? count : throw Damaged();
    }

    private static SyncUserState ReadState(BinaryReader reader)
    {
        var state = new SyncUserState();
        for (var devices = ReadCount(reader); devices > 0; devices--)
        {
            var deviceId = new Guid(reader.ReadBytes(GuidSize));
            var numbers = new SequenceSet();
            for (var intervals = ReadCount(reader); intervals > 0; intervals--)
            {
                numbers.Append(reader.ReadInt64(), reader.ReadInt64());
            }

            state.Restore(deviceId, numbers);
        }

        for (var positions = ReadCount(reader); positions > 0; positions--)
        {
            state.RestorePosition(new Guid(reader.ReadBytes(GuidSize)), reader.ReadInt64());
        }

        for (var streams = ReadCount(reader); streams > 0; streams--)
        {
            state.Restore(reader.ReadString(), reader.ReadInt64());
        }

        for (var events = ReadCount(reader); events > 0; events--)
        {
            state.Restore(new Guid(reader.ReadBytes(GuidSize)), reader.ReadInt64());
        }

        return state;
    }

    private static ArgumentException Unknown(object obj) => new($"{obj.GetType()} is no record of the Sync feature.", nameof(obj));

    private static FormatException Damaged() => new("The record is damaged.");
}
