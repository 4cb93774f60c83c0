namespace PeerSync.Host.Peers;

/// <summary>
/// How often invite codes may be tried. A code has about 30 bits, so at these rates an address needs centuries to meet one of a thousand
/// networks' codes by chance.
/// </summary>
internal sealed record JoinLimitOptions
{
    /// <summary>Whether the limits apply; off only for load tests.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The attempts that one user may make at once; 20 by default.</summary>
    public int PerIdentity { get; init; } = 20;

    /// <summary>The attempts per minute that a user gains back; null, the default, for as many as <see cref="PerIdentity"/>.</summary>
    public int? PerIdentityAndMinute { get; init; }

    /// <summary>The attempts that one client address may make at once; 60 by default, as an office may share one.</summary>
    public int PerAddress { get; init; } = 60;

    /// <summary>The attempts per minute that an address gains back; null, the default, for as many as <see cref="PerAddress"/>.</summary>
    public int? PerAddressAndMinute { get; init; }
}
