namespace PeerSync.Kernel;

/// <summary>Names a snapshot.</summary>
/// <param name="PersistenceId">Whose state it is.</param>
/// <param name="SequenceNr">The last event that the state contains.</param>
/// <param name="Timestamp">When it was taken, in UTC.</param>
public sealed record SnapshotMetadata(string PersistenceId, long SequenceNr, DateTime Timestamp);
