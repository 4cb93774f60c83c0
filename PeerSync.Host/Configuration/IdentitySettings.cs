namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.identity</c>: whose tokens are believed, and for how long.</summary>
internal sealed record IdentitySettings
{
    public required SupabaseSettings Supabase { get; init; }

    public required JwtSettings Jwt { get; init; }

    /// <summary>How far the clocks of issuer and server may differ; at most a minute.</summary>
    public required TimeSpan ClockSkew { get; init; }

    /// <summary>How long an authenticated socket outlives its token.</summary>
    public required TimeSpan ExpiryGrace { get; init; }
}
