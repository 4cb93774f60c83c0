namespace PeerSync.Host.Identity;

/// <summary>What a token to be issued says.</summary>
/// <param name="UserId">The subject: 1 to 256 characters, no control characters.</param>
internal sealed record TokenRequest(string UserId)
{
    /// <summary>The display name, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The email address, or null.</summary>
    public string? Email { get; init; }

    /// <summary>The roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>How long the token is in force; null for the configured lifetime.</summary>
    public TimeSpan? Lifetime { get; init; }
}
