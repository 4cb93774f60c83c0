namespace PeerSync.Host.Identity;

/// <summary>Where an issuer's tokens carry the person's name, provider and roles.</summary>
internal enum TokenClaimsKind
{
    /// <summary><c>role</c>, <c>app_metadata</c> and <c>user_metadata</c> (Peers contract, section 4.3).</summary>
    Supabase,

    /// <summary><c>name</c> and <c>roles</c> (Peers contract, section 4.5).</summary>
    Local,
}
