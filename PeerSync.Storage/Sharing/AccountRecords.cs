namespace PeerSync.Storage.Sharing;

/// <summary>Who logs in, as the provider of the login tells it. Longer texts are cut to what is kept.</summary>
/// <param name="Account">Where and who, for example <c>github:583231</c>: 1 to 255 characters.</param>
/// <param name="Name">The name to show, not empty; at most 240 characters are kept.</param>
/// <param name="Email">The mail address, 1 to 320 characters.</param>
/// <param name="AvatarUrl">The address of a picture, or null; one of more than 2,048 characters is not kept.</param>
public sealed record SharingProfile(string Account, string Name, string Email, string? AvatarUrl);

/// <summary>A user.</summary>
/// <param name="Id">25 characters that begin with "c".</param>
/// <param name="Name">The name to show.</param>
/// <param name="Email">The mail address.</param>
/// <param name="AvatarUrl">The address of a picture, or null.</param>
public sealed record SharingUser(string Id, string Name, string Email, string? AvatarUrl);

/// <summary>A login that has succeeded.</summary>
/// <param name="User">Who.</param>
/// <param name="SessionId">The session that it has opened, of generation 0.</param>
/// <param name="IsFirst">Whether it has made the user.</param>
public sealed record SharingLogin(SharingUser User, string SessionId, bool IsFirst);

/// <summary>A session as its user sees it.</summary>
/// <param name="Id">25 characters that begin with "c".</param>
/// <param name="Client">What the client called itself, or null.</param>
/// <param name="CreatedAt">When it was opened, in UTC.</param>
/// <param name="RefreshedAt">When it was renewed last, in UTC.</param>
/// <param name="ExpiresAt">Until when it can be renewed, in UTC.</param>
public sealed record SharingSession(string Id, string? Client, DateTimeOffset CreatedAt, DateTimeOffset RefreshedAt, DateTimeOffset ExpiresAt);

/// <summary>What became of a renewal.</summary>
public enum SharingRenewalOutcome
{
    /// <summary>The session goes on.</summary>
    Renewed,

    /// <summary>There is no such session, or it has ended.</summary>
    Unknown,

    /// <summary>The token had been used before, so the session has ended.</summary>
    Reused,
}

/// <summary>What became of a renewal, and the generation that the session is of where it goes on.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Generation">The generation for the next refresh token; 0 unless renewed.</param>
public readonly record struct SharingRenewal(SharingRenewalOutcome Outcome, long Generation);
