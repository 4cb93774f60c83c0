namespace PeerSync.Storage.Journal;

/// <summary>One event as it is stored.</summary>
/// <param name="SequenceNr">Its place among the events of its actor, from 1.</param>
/// <param name="CreatedTicks">When it was persisted, in <see cref="DateTime.Ticks"/> of UTC.</param>
/// <param name="SerializerId">Which serializer wrote it.</param>
/// <param name="Manifest">The name of its form.</param>
/// <param name="Message">What the serializer wrote.</param>
/// <param name="Tags">Its tags.</param>
internal readonly record struct JournalEntry(
    long SequenceNr, long CreatedTicks, int SerializerId, string Manifest, byte[] Message, IReadOnlyCollection<string> Tags);
