namespace PeerSync.Kernel;

/// <summary>An event on its way into the journal or out of it.</summary>
/// <param name="Payload">The event itself, possibly wrapped as <see cref="Tagged"/> on its way in, never on its way out.</param>
/// <param name="SequenceNr">Its place among the events of its actor, from 1.</param>
/// <param name="PersistenceId">Whose event it is.</param>
/// <param name="WriterGuid">The incarnation of the actor that wrote it.</param>
/// <param name="Timestamp">When it was persisted, in Unix milliseconds.</param>
public sealed record Persistent(object Payload, long SequenceNr, string PersistenceId, string WriterGuid, long Timestamp);
