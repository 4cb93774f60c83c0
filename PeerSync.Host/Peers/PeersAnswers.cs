using System.Globalization;
using PeerSync.Actors.Identity;
using PeerSync.Storage.Peers;

namespace PeerSync.Host.Peers;

/// <summary>A network as clients see it (Peers contract, section 5.2).</summary>
internal sealed record NetworkInfo(string Id, string InviteCode, string CreatedBy, string CreatedAt)
{
    public static NetworkInfo From(NetworkRecord network) => new(
        network.Id,
        network.InviteCode,
        network.CreatedBy,
        network.CreatedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture));
}

/// <summary>The answer to a user that has left.</summary>
internal sealed record LeftAnswer(bool Left);

/// <summary>Whom a token names (Peers contract, section 5.3).</summary>
internal sealed record VerifiedAnswer(string UserId, string Email, string DisplayName, string Provider, IReadOnlyList<string> Roles)
{
    public static VerifiedAnswer From(VerifiedIdentity identity) =>
        new(identity.UserId.Value, identity.Email, identity.VerifiedDisplayName, identity.Provider, identity.Roles);
}

/// <summary>The answer of the authentication's health route.</summary>
internal sealed record AuthHealthAnswer(string Status, string Provider);
