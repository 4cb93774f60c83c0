namespace PeerSync.Protocol.Sharing;

/// <summary>An event as it is written for clients (Sharing contract, section 6.2).</summary>
/// <param name="Name">For example <c>snippet:created</c>.</param>
/// <param name="Payload">The payload: the text of a JSON object.</param>
/// <param name="Brief">The payload with ids alone, for receivers who are not known; null where <paramref name="Payload"/> has nothing else.</param>
public sealed record SharingNotice(string Name, string Payload, string? Brief = null);
