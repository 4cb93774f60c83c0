namespace PeerSync.Kernel;

/// <summary>Not all events were deleted, or not in time.</summary>
/// <param name="Cause">Why.</param>
/// <param name="ToSequenceNr">The last that was to be deleted.</param>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);
