namespace PeerSync.Actors.Sync;

/// <summary>A device's event was accepted into its user's stream. The journal's record of it.</summary>
/// <param name="EventId">The event's id, which its device chose.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="DeviceSeq">The device's number of it.</param>
/// <param name="StreamId">The stream within the user's events.</param>
/// <param name="StreamSeq">Its place in that stream, from 1.</param>
/// <param name="Ttl">When it expires, in Unix milliseconds; <see cref="long.MaxValue"/> when it does not.</param>
/// <param name="Json">The event object as it is relayed and replayed.</param>
public sealed record EventStored(Guid EventId, Guid DeviceId, long DeviceSeq, string StreamId, long StreamSeq, long Ttl, ReadOnlyMemory<byte> Json);
