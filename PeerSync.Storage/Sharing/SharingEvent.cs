namespace PeerSync.Storage.Sharing;

/// <summary>What happened, as clients are told it (Sharing contract, section 6.2).</summary>
/// <param name="Name">For example <c>snippet:created</c>.</param>
/// <param name="Payload">The payload as the text of a JSON object.</param>
/// <param name="Brief">The payload with ids alone, for receivers who are not known; null where <paramref name="Payload"/> has nothing else.</param>
public sealed record SharingEventText(string Name, string Payload, string? Brief = null);

/// <summary>An event as stored.</summary>
/// <param name="Id">Numbers grow by one with every event and become visible in their order: whoever has seen one can have seen all before it.</param>
/// <param name="At">When it was appended, in UTC.</param>
/// <param name="Text">What happened.</param>
/// <param name="Audience">The users who may be told, each once; empty where an event was read for one user, who then is its audience.</param>
public sealed record SharingEvent(long Id, DateTimeOffset At, SharingEventText Text, IReadOnlyList<string> Audience);
