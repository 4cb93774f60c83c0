using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>An event with tags by which it can be found without knowing whose it is. Handlers and recovery see the event alone.</summary>
/// <param name="Payload">The event.</param>
/// <param name="Tags">The tags.</param>
public sealed record Tagged(object Payload, IImmutableSet<string> Tags);
