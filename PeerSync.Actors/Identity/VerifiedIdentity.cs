using PeerSync.Protocol.Identity;

namespace PeerSync.Actors.Identity;

/// <summary>What a verified token says of its subject. Optional claims are null where absent, empty or not strings.</summary>
/// <param name="UserId">The token's <c>sub</c>, never empty.</param>
/// <param name="ExpiresAt">The token's <c>exp</c>.</param>
public sealed record VerifiedIdentity(UserId UserId, DateTimeOffset ExpiresAt)
{
    /// <summary>The <c>email</c> claim, or the empty string.</summary>
    public string Email { get; init; } = string.Empty;

    /// <summary><c>user_metadata.full_name</c>.</summary>
    public string? FullName { get; init; }

    /// <summary><c>user_metadata.name</c>, or the top-level <c>name</c> of a locally issued token.</summary>
    public string? Name { get; init; }

    /// <summary><c>user_metadata.preferred_username</c>.</summary>
    public string? PreferredUsername { get; init; }

    /// <summary><c>user_metadata.avatar_url</c>, else <c>user_metadata.picture</c>.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary><c>app_metadata.provider</c> as the token has it; <c>email</c> where it says nothing.</summary>
    public string Provider { get; init; } = "email";

    /// <summary>The <c>role</c> claim as a list of one, or the <c>roles</c> array of a locally issued token; empty where absent.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The name shown to peers: full name, name, the part of the address before <c>@</c>, <c>User</c> (Peers contract, section 4.3).</summary>
    public string DisplayName => FullName ?? Name ?? EmailName ?? "User";

    /// <summary>The name that the verification endpoint reports, which also knows the preferred user name (Peers contract, section 4.3).</summary>
    public string VerifiedDisplayName => FullName ?? Name ?? PreferredUsername ?? EmailName ?? "User";

    /// <summary>The provider as it is stored: only the known ones keep their names (Peers contract, section 4.3).</summary>
    public string StoredProvider => Provider switch
    {
        "github" or "google" or "linkedin" => Provider,
        "magiclink" or "phone" => "otp",
        _ => "email",
    };

    private string? EmailName
    {
        get
        {
            var at = Email.IndexOf('@', StringComparison.Ordinal);
            var name = at < 0 ? Email : Email[..at];
            return name.Length == 0 ? null : name;
        }
    }
}
