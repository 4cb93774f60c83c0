using System.Security.Cryptography;
using System.Text;
using PeerSync.Actors.Identity;
using PeerSync.Host.Configuration;
using PeerSync.Host.Peers;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>Decides who may do what over HTTP.</summary>
internal sealed class RoomsAccess(PeerSyncOptions options, RoomsTokens tokens, Actors.Rooms.IRoomsRevocations revoked, ITokenVerifier identities)
{
    private const string KeyHeader = "X-API-Key";
    private const string AdminHeader = "X-Admin-API-Key";

    private bool MintsForAll => options.Rooms.Minting switch
    {
        TokenMinting.Open => true,
        TokenMinting.Proven => false,
        _ => !options.IsProduction,
    };

    /// <summary>Whether tokens and the routes that change rooms are open to everybody.</summary>
    public bool IsOpen => MintsForAll;

    /// <summary>Whether a token may be made for a user.</summary>
    public async ValueTask<bool> MayMintAsync(HttpContext context, string userId)
    {
        if (MintsForAll || Matches(options.Rooms.ApiKey, context.Request.Headers[KeyHeader].ToString()))
        {
            return true;
        }

        return BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString()) is { } token
            && await identities.VerifyAsync(token, context.RequestAborted) is { Identity: { } identity }
            && identity.UserId.Value == userId;
    }

    /// <summary>Whether a request may change a room: a tokenless client may as far as tokenless clients may enter.</summary>
    /// <param name="context">The request.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="userId">In whose name; null for nobody's.</param>
    public bool MayChange(HttpContext context, string roomId, string? userId) => options.Rooms.AllowTokenless || IsProven(context, roomId, userId);

    /// <summary>Whether a request carries a room's token (of a user, if one is named), the api key or the operator's.</summary>
    public bool IsProven(HttpContext context, string roomId, string? userId)
    {
        if (Matches(options.Rooms.ApiKey, context.Request.Headers[KeyHeader].ToString()) || IsAdmin(context, emptyIsOpen: false))
        {
            return true;
        }

        return Member(context) is { } claims && claims.RoomId == roomId && (userId is null || claims.UserId == userId);
    }

    /// <summary>What the bearer token says, if it is a valid one for a room.</summary>
    public RoomsTokenClaims? Member(HttpContext context) =>
        BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString()) is { } token
        && tokens.Verify(token, out var claims) == RoomsTokenStatus.Valid && !revoked.IsRevoked(claims!.TokenId)
            ? claims
            : null;

    /// <summary>Whether a request comes from the operator.</summary>
    /// <param name="context">The request.</param>
    /// <param name="emptyIsOpen">Whether everybody is the operator outside production while no key is set.</param>
    public bool IsAdmin(HttpContext context, bool emptyIsOpen = true)
    {
        if (options.Rooms.AdminKey.IsEmpty)
        {
            return emptyIsOpen && !options.IsProduction;
        }

        var given = context.Request.Headers[AdminHeader].ToString();
        return Matches(options.Rooms.AdminKey, given.Length > 0 ? given : BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString()) ?? string.Empty);
    }

    // Hashes are compared, so that neither the time nor the length tells anything.
    private static bool Matches(Secret secret, string given) =>
        !secret.IsEmpty && given.Length > 0
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(secret.Value)));
}
