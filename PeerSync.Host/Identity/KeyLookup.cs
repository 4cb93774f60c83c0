using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>What is known of a key name.</summary>
/// <param name="Key">The key, or null.</param>
/// <param name="IsUnavailable">There is no key and the service could not be asked, so that the token may yet be genuine.</param>
internal readonly record struct KeyLookup(VerificationKey? Key, bool IsUnavailable)
{
    /// <summary>The service knows no such key.</summary>
    public static KeyLookup Unknown => default;

    /// <summary>The service could not be asked.</summary>
    public static KeyLookup Unavailable => new(null, true);
}
