namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.identity.supabase</c>: tokens of a Supabase project.</summary>
internal sealed record SupabaseSettings
{
    /// <summary>The project's address exactly as written, since the issuer in its tokens is this text and a suffix; empty when not used.</summary>
    public required string Url { get; init; }

    /// <summary>The key of the project's HS256 tokens; its bytes are those of this text, which is not decoded. Empty when there are none.</summary>
    public required Secret JwtSecret { get; init; }

    /// <summary>Accepted so that an existing environment keeps working; nothing uses it.</summary>
    public required Secret AnonKey { get; init; }

    /// <summary>Accepted so that an existing environment keeps working; nothing uses it.</summary>
    public required Secret ServiceRoleKey { get; init; }

    /// <summary>How long a fetched key set is used before it is asked for again.</summary>
    public required TimeSpan JwksCache { get; init; }

    /// <summary>How long one fetch may take.</summary>
    public required TimeSpan JwksTimeout { get; init; }

    /// <summary>The least time between two fetches that tokens with unknown key ids cause.</summary>
    public required TimeSpan JwksRefreshInterval { get; init; }
}
