namespace PeerSync.Storage.Peers;

/// <summary>A user as stored.</summary>
/// <param name="Id">The token's subject: any text, not only a UUID, of 1 to <see cref="MaxIdLength"/> units, without U+0000 or unpaired surrogates.</param>
/// <param name="Email">The address, or the empty string.</param>
/// <param name="DisplayName">The name shown to peers.</param>
/// <param name="Provider">One of <c>github</c>, <c>google</c>, <c>linkedin</c>, <c>otp</c>, <c>email</c>.</param>
/// <param name="AvatarUrl">The picture's address, or null.</param>
public sealed record UserRecord(string Id, string Email, string DisplayName, string Provider, string? AvatarUrl)
{
    /// <summary>The most UTF-16 units that an id may have: it must fit into an index entry of either engine.</summary>
    public const int MaxIdLength = 512;
}

/// <summary>A network as stored.</summary>
/// <param name="Id">A UUID in lower-case text form.</param>
/// <param name="InviteCode"><c>PS-</c> and six symbols.</param>
/// <param name="CreatedBy">The creator's user id.</param>
/// <param name="CreatedAt">When it was made, in UTC, with microseconds.</param>
public sealed record NetworkRecord(string Id, string InviteCode, string CreatedBy, DateTimeOffset CreatedAt);
