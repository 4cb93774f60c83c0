namespace PeerSync.Storage.Sharing;

/// <summary>A device that a wrapped key is for.</summary>
/// <param name="UserId">Whose device it is.</param>
/// <param name="DeviceId">The device: storable text of at most 128 characters.</param>
public readonly record struct ShareRecipient(string UserId, string DeviceId);

/// <summary>Wrapped keys that come together.</summary>
/// <param name="Text">The inside of a JSON array; empty where there are none.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Recipients">For whom they are, each device once, in the order of its first key.</param>
public sealed record ShareWraps(string Text, int Count, IReadOnlyList<ShareRecipient> Recipients);

/// <summary>A share to be made. All texts are storable.</summary>
/// <param name="AuthorId">Who makes it.</param>
/// <param name="TeamId">With which team it is shared; null for a direct message.</param>
/// <param name="Ciphertext">The encrypted code.</param>
/// <param name="Iv">The initialization vector.</param>
/// <param name="Aad">Additional authenticated data, if any.</param>
/// <param name="Metadata">The metadata as lists show it.</param>
/// <param name="WholeMetadata">The metadata as readers of the share get it; null where lists show it whole.</param>
/// <param name="Wraps">The wrapped keys.</param>
/// <param name="ExpiresAt">When it is gone; null for as long as the team or the server keeps it.</param>
public sealed record NewShare(
    string AuthorId,
    string? TeamId,
    string Ciphertext,
    string Iv,
    string? Aad,
    string Metadata,
    string? WholeMetadata,
    ShareWraps Wraps,
    DateTimeOffset? ExpiresAt);

/// <summary>What one user's shares may come to.</summary>
/// <param name="MaxWraps">How many wrapped keys one share may have.</param>
/// <param name="MaxStoredBytes">How many bytes the shares of one author may have together.</param>
public sealed record ShareLimits(int MaxWraps, long MaxStoredBytes);

/// <summary>The names that an event about a new share tells, as they were when it was made.</summary>
/// <param name="Id">The share.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="TeamName">The team's name; null for a direct message.</param>
/// <param name="FirstRecipientName">The name of the first recipient of a direct message; null where there is none.</param>
public sealed record ShareNames(string Id, string AuthorName, string? TeamName, string? FirstRecipientName);

/// <summary>How the making of a share, or the adding of wrapped keys, ended.</summary>
public enum ShareWriteStatus
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>There is no such share for this user.</summary>
    NotFound,

    /// <summary>The user does not belong to the team, or has not written the share.</summary>
    Forbidden,

    /// <summary>A recipient does not share a team with the author.</summary>
    UnknownRecipient,

    /// <summary>The share would have more wrapped keys than are allowed.</summary>
    TooManyWraps,

    /// <summary>The author's shares would have more bytes than are allowed.</summary>
    QuotaExceeded,
}

/// <summary>How the making of a share ended.</summary>
/// <param name="Status">Whether it was made.</param>
/// <param name="Id">The share, where it was made.</param>
/// <param name="Event">What is to be told, where it was made.</param>
public sealed record ShareCreation(ShareWriteStatus Status, string? Id = null, SharingEvent? Event = null);

/// <summary>How a deletion, or a request for wrapped keys, ended.</summary>
/// <param name="Status"><see cref="ShareWriteStatus.Done"/>, <see cref="ShareWriteStatus.NotFound"/> or <see cref="ShareWriteStatus.Forbidden"/>.</param>
/// <param name="Event">What is to be told, where it is done.</param>
public sealed record ShareOutcome(ShareWriteStatus Status, SharingEvent? Event = null);

/// <summary>A share as stored, for somebody who may read it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AuthorId">Its author.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="TeamId">The team it is shared with; null for a direct message.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it is gone; null where it has no such time.</param>
/// <param name="Size">The bytes of its texts.</param>
/// <param name="Content">Its content; null where that is larger than was asked for.</param>
public sealed record StoredShare(
    string Id, string AuthorId, string AuthorName, string? TeamId, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, long Size, ShareContent? Content);

/// <summary>The content of a share.</summary>
/// <param name="Ciphertext">The encrypted code.</param>
/// <param name="Iv">The initialization vector.</param>
/// <param name="Aad">Additional authenticated data, if any.</param>
/// <param name="Metadata">The whole metadata.</param>
/// <param name="Wraps">The wrapped keys in their order: each text the inside of a JSON array, none empty.</param>
public sealed record ShareContent(string Ciphertext, string Iv, string? Aad, string Metadata, IReadOnlyList<string> Wraps);

/// <summary>Which part of a list is read.</summary>
/// <param name="Before">Where it begins: the <c>Next</c> of the page before; null for the newest.</param>
/// <param name="Limit">How many shares at most, 1 to 50.</param>
public sealed record SharePageRequest(long? Before, int Limit);

/// <summary>A share in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AuthorId">Its author.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it is gone; null where it has no such time.</param>
/// <param name="Metadata">The metadata as lists show it.</param>
/// <param name="Wraps">The wrapped keys in their order, each text the inside of a JSON array; null where the list does not show them.</param>
public sealed record ShareListItem(
    string Id, string AuthorId, string AuthorName, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string Metadata, IReadOnlyList<string>? Wraps);

/// <summary>A part of a list, newest first.</summary>
/// <param name="Items">The shares.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
public sealed record SharePage(IReadOnlyList<ShareListItem> Items, long? Next);

/// <summary>A device that a share has no wrapped key for.</summary>
/// <param name="UserId">Whose device it is.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="EncryptionKey">Its public key: the text of a JSON Web Key.</param>
/// <param name="Fingerprint">The key's thumbprint.</param>
public sealed record MissingDevice(string UserId, string DeviceId, string EncryptionKey, string Fingerprint);

/// <summary>A share that misses wrapped keys.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TeamId">The team it is shared with; null for a direct message.</param>
/// <param name="Devices">The devices that cannot read it.</param>
public sealed record MissingWraps(string Id, string? TeamId, IReadOnlyList<MissingDevice> Devices);

/// <summary>A part of the list of shares that miss wrapped keys, newest first. It may be empty though there is a next one.</summary>
/// <param name="Items">The shares.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
public sealed record MissingWrapsPage(IReadOnlyList<MissingWraps> Items, long? Next);
