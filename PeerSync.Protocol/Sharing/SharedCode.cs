namespace PeerSync.Protocol.Sharing;

/// <summary>A share as whoever may read it gets it (Sharing contract, section 5).</summary>
/// <param name="Id">Its id.</param>
/// <param name="AuthorId">Its author.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it will be gone; null where it has no such time.</param>
/// <param name="Ciphertext">The encrypted code.</param>
/// <param name="Iv">The initialization vector.</param>
/// <param name="Aad">Additional authenticated data, if any.</param>
/// <param name="Wraps">The wrapped keys in their order: each text the inside of a JSON array.</param>
/// <param name="Metadata">The metadata: the text of a JSON object.</param>
public sealed record SharedCode(
    string Id,
    string AuthorId,
    string AuthorName,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string Ciphertext,
    string Iv,
    string? Aad,
    IReadOnlyList<string> Wraps,
    string Metadata);
