namespace PeerSync.Storage.Journal;

/// <summary>One event as it was read.</summary>
/// <param name="SequenceNr">Its place among the events of its actor.</param>
/// <param name="CreatedTicks">When it was persisted, in <see cref="DateTime.Ticks"/> of UTC.</param>
/// <param name="SerializerId">Which serializer wrote it.</param>
/// <param name="Manifest">The name of its form.</param>
/// <param name="WriterUuid">The incarnation that wrote it.</param>
/// <param name="Message">What the serializer wrote.</param>
internal sealed record JournalRow(long SequenceNr, long CreatedTicks, int SerializerId, string Manifest, string WriterUuid, byte[] Message);
