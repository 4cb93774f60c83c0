namespace PeerSync.Host.Peers;

/// <summary>
/// How often invite codes may be tried. A code has about 30 bits, so at these rates an address needs centuries to meet one of a thousand
/// networks' codes by chance.
/// </summary>
internal sealed record JoinLimitOptions
{
    /// <summary>Whether the limits apply; off only for load tests.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The attempts that one user may make at once, and per minute from then on; 20 by default.</summary>
    public int PerIdentity { get; init; } = 20;

    /// <summary>The attempts that one client address may make at once, and per minute from then on; 60 by default, as an office may share one.</summary>
    public int PerAddress { get; init; } = 60;
}
