namespace PeerSync.Host.Identity;

/// <summary>The Supabase project whose tokens are accepted (Peers contract, sections 4.1 to 4.3).</summary>
internal sealed record SupabaseIssuerOptions
{
    /// <summary><c>SUPABASE_URL</c>: the project's address, used as written. Empty or null: no Supabase tokens are accepted.</summary>
    public string? Url { get; init; }

    /// <summary><c>SUPABASE_JWT_SECRET</c>: its UTF-8 bytes as written are the HS256 key. Null: HS256 tokens are refused.</summary>
    public string? JwtSecret { get; init; }

    /// <summary>What <c>aud</c> must be or contain.</summary>
    public string Audience { get; init; } = "authenticated";

    /// <summary>How the project's published keys are fetched and kept.</summary>
    public JsonWebKeySetOptions KeySet { get; init; } = new();

    /// <summary>Whether a project is named.</summary>
    public bool IsConfigured => !string.IsNullOrEmpty(Url);

    /// <summary>What <c>iss</c> must be.</summary>
    public string Issuer => Url + "/auth/v1";

    /// <summary>Where the keys are published.</summary>
    public string KeySetAddress => Issuer + "/.well-known/jwks.json";
}
