namespace PeerSync.Host.Identity;

/// <summary>Whose tokens are accepted.</summary>
internal sealed record IdentityOptions
{
    /// <summary>The largest <see cref="ClockSkew"/>.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>The Supabase project.</summary>
    public SupabaseIssuerOptions Supabase { get; init; } = new();

    /// <summary>The installation's own keys.</summary>
    public LocalIssuerOptions Local { get; init; } = new();

    /// <summary>How far <c>exp</c> may lie behind and <c>nbf</c> ahead of this machine's clock, up to <see cref="MaxClockSkew"/>; zero as in the contract.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Whether missing keys stop the start instead of being made.</summary>
    public bool Production { get; init; }

    /// <summary><c>PEERSYNC_DATA</c>: the folder that a development key is kept in.</summary>
    public string DataFolder { get; init; } = "data";
}
