using System.Runtime.InteropServices;

namespace PeerSync.Actors.Sync;

/// <summary>What a user's stream says when it is read from the beginning: enough to number the next event and to know every earlier one again.</summary>
/// <remarks>Not thread-safe; owned by one actor.</remarks>
public sealed class SyncUserState
{
    private readonly Dictionary<Guid, SequenceSet> _devices = [];
    private readonly Dictionary<string, long> _streams = new(StringComparer.Ordinal);

    // The journal's sequence number of the last event of each device.
    private readonly Dictionary<Guid, long> _positions = [];

    // With the journal's sequence number, by which those of deleted events are forgotten.
    private readonly Dictionary<Guid, long> _events = [];

    /// <summary>The events that are known by their ids, with their sequence numbers in the journal.</summary>
    public IReadOnlyDictionary<Guid, long> Events => _events;

    /// <summary>The numbers that each device has used.</summary>
    public IReadOnlyDictionary<Guid, SequenceSet> Devices => _devices;

    /// <summary>The last number given out in each stream.</summary>
    public IReadOnlyDictionary<string, long> Streams => _streams;

    /// <summary>The journal's sequence number of the last event of each device.</summary>
    public IReadOnlyDictionary<Guid, long> Positions => _positions;

    /// <summary>The journal's sequence number of the last event that did not come from a device; 0 where all did.</summary>
    public long LastForeign(Guid deviceId)
    {
        var last = 0L;
        foreach (var (sender, position) in _positions)
        {
            if (sender != deviceId)
            {
                last = Math.Max(last, position);
            }
        }

        return last;
    }

    /// <summary>The highest number that a device has used; 0 for a device that has sent nothing.</summary>
    public long LastDeviceSeq(Guid deviceId) => _devices.TryGetValue(deviceId, out var numbers) ? numbers.Highest : 0;

    /// <summary>Whether an event was accepted before, by its id or by its device's number.</summary>
    public bool IsKnown(Guid eventId, Guid deviceId, long deviceSeq) =>
        _events.ContainsKey(eventId) || (_devices.TryGetValue(deviceId, out var numbers) && numbers.Contains(deviceSeq));

    /// <summary>Counts a stream up.</summary>
    /// <returns>The next event's number.</returns>
    public long NextStreamSeq(string streamId) => ++CollectionsMarshal.GetValueRefOrAddDefault(_streams, streamId, out _);

    /// <summary>Takes an event into account. Numbers that a stream has given out already stay given out.</summary>
    /// <param name="sequenceNr">The event's number in the journal.</param>
    /// <param name="eventId">Its id.</param>
    /// <param name="deviceId">Its device.</param>
    /// <param name="deviceSeq">The device's number of it.</param>
    /// <param name="streamId">Its stream.</param>
    /// <param name="streamSeq">Its number there.</param>
    public void Add(long sequenceNr, Guid eventId, Guid deviceId, long deviceSeq, string streamId, long streamSeq)
    {
        _events[eventId] = sequenceNr;
        _positions[deviceId] = sequenceNr;
        ref var numbers = ref CollectionsMarshal.GetValueRefOrAddDefault(_devices, deviceId, out _);
        (numbers ??= new SequenceSet()).Add(deviceSeq);
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, streamId, out _);
        last = Math.Max(last, streamSeq);
    }

    /// <summary>Lets a device count from the beginning again.</summary>
    public void Reset(Guid deviceId) => _devices.Remove(deviceId);

    /// <summary>Forgets the ids of events that are deleted. Their devices' numbers stay known.</summary>
    /// <param name="upTo">The last sequence number of the journal that is deleted.</param>
    public void Forget(long upTo)
    {
        foreach (var (eventId, sequenceNr) in _events)
        {
            if (sequenceNr <= upTo)
            {
                _events.Remove(eventId);
            }
        }
    }

    /// <summary>Restores a device's numbers from a snapshot.</summary>
    internal void Restore(Guid deviceId, SequenceSet numbers) => _devices[deviceId] = numbers;

    /// <summary>Restores a device's last event from a snapshot.</summary>
    internal void RestorePosition(Guid deviceId, long sequenceNr) => _positions[deviceId] = sequenceNr;

    /// <summary>Restores a stream's counter from a snapshot.</summary>
    internal void Restore(string streamId, long last) => _streams[streamId] = last;

    /// <summary>Restores an event's id from a snapshot.</summary>
    internal void Restore(Guid eventId, long sequenceNr) => _events[eventId] = sequenceNr;
}
