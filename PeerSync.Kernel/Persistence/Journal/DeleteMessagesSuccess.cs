namespace PeerSync.Kernel;

/// <summary>Events have been deleted.</summary>
/// <param name="ToSequenceNr">The last of them.</param>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);
