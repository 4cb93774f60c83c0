namespace PeerSync.Protocol.Sharing;

/// <summary>A share as lists show it (Sharing contract, section 5).</summary>
/// <param name="Id">Its id.</param>
/// <param name="AuthorId">Its author.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it will be gone; null where it has no such time.</param>
/// <param name="Metadata">The metadata without what lists leave out: the text of a JSON object.</param>
/// <param name="Wraps">The wrapped keys in their order, each text the inside of a JSON array; null in lists that do not show them.</param>
public sealed record ListedCode(
    string Id, string AuthorId, string AuthorName, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string Metadata, IReadOnlyList<string>? Wraps);
