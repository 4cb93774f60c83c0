namespace PeerSync.Protocol.Peers;

/// <summary>Which peers a client wants to see. All conditions must hold.</summary>
/// <param name="Role">The exact role, or null for any.</param>
/// <param name="Ide">The exact editor name, or null for any.</param>
/// <param name="LanOnly">Whether only peers at the same address are wanted.</param>
public readonly record struct PeersFilter(string? Role, string? Ide, bool LanOnly)
{
    /// <summary>Whether a peer is wanted.</summary>
    /// <param name="profile">The peer's profile.</param>
    /// <param name="mode">How the peer stands to the one who asks.</param>
    public bool Matches(PeerProfile profile, ConnectionMode mode)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return (Role is null || Role == profile.Role) && (Ide is null || Ide == profile.Ide) && (!LanOnly || mode == ConnectionMode.Lan);
    }
}
