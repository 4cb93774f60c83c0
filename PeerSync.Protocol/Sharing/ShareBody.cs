namespace PeerSync.Protocol.Sharing;

/// <summary>A share as its author sent it (Sharing contract, section 5).</summary>
/// <param name="Ciphertext">The encrypted code. No text is refused but such as cannot be kept unchanged.</param>
/// <param name="Iv">The initialization vector.</param>
/// <param name="Aad">Additional authenticated data; null where there is none.</param>
/// <param name="Wraps">The wrapped keys.</param>
/// <param name="Metadata">The JSON object that lists show, without white space: all members in their order, but for <c>fullFileContent</c>.</param>
/// <param name="WholeMetadata">The same with <c>fullFileContent</c>; null where there is none, or where it is dropped.</param>
/// <param name="Title">The title; null where there is no metadata.</param>
/// <param name="TeamId">The team that it is shared with; null for a direct message.</param>
/// <param name="Lifetime">After what time it shall be gone: 1 second to ten years; null where that is not said.</param>
/// <param name="ExpiresAt">When it shall be gone, in UTC; null where that is not said, and always where <paramref name="Lifetime"/> is.</param>
public sealed record ShareBody(
    string Ciphertext,
    string Iv,
    string? Aad,
    WrappedKeys Wraps,
    string Metadata,
    string? WholeMetadata,
    string? Title,
    string? TeamId,
    TimeSpan? Lifetime,
    DateTimeOffset? ExpiresAt);
