namespace PeerSync.Kernel;

/// <summary>A message with its sender.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Who sent it; null for nobody.</param>
public readonly record struct Envelope(object Message, IActorRef? Sender);
