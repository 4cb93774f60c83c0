using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.Peers;
using PeerSync.Protocol.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Says who calls, and answers those who cannot say (PocketBridge contract, sections 5.0 and 13, F1).</summary>
internal sealed class SyncAuthentication(
    SyncServerKey key,
    ISyncSessionLog sessions,
    IClientAddresses addresses,
    PeerSyncMetrics metrics,
    TimeProvider time)
{
    /// <summary>The header by which clients without a token name themselves.</summary>
    public const string UserIdHeader = "X-User-ID";

    private const int UserIdLength = 64;

    // {"alg":"Ed25519","typ":"JWT"}, which no other product's tokens begin with.
    private const string TokenStart = "eyJhbGciOiJFZDI1NTE5IiwidHlwIjoiSldUIn0.";

    /// <summary>Whether a request on a path that several products have comes from a client of this one.</summary>
    public static bool IsOwnRequest(HttpRequest request) =>
        request.Headers.ContainsKey(UserIdHeader)
        || BearerCredentials.FromScheme(request.Headers.Authorization.ToString())?.StartsWith(TokenStart, StringComparison.Ordinal) == true;

    /// <summary>Reads a user id in either case.</summary>
    /// <returns>The id in lower case, or null.</returns>
    public static string? ParseUserId(string? text) =>
        text is { Length: UserIdLength } && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;

    /// <summary>The caller.</summary>
    /// <param name="context">The request.</param>
    /// <param name="access">Which proof the route demands; not <see cref="SyncAccess.Open"/>.</param>
    /// <returns>The caller, or null where the request has been answered.</returns>
    public async ValueTask<SyncCaller?> RequireAsync(HttpContext context, SyncAccess access)
    {
        if (BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString()) is { } token)
        {
            return await RequireTokenAsync(context, token);
        }

        var text = context.Request.Headers[UserIdHeader].ToString();
        if (text.Length == 0)
        {
            metrics.Authentication("http", "missing");
            await SyncErrors.WriteAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "Unauthorized",
                "AUTH_REQUIRED",
                "Authorization header with Bearer token or X-User-ID header required");
            return null;
        }

        if (ParseUserId(text) is not { } userId)
        {
            metrics.Authentication("http", "invalid");
            await SyncErrors.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                "Invalid user ID format",
                "INVALID_USER_ID",
                "User ID must be a valid Ed25519 public key (64 hex characters)");
            return null;
        }

        if (access == SyncAccess.Proven && !sessions.IsKnown(userId, addresses.Hash(context)))
        {
            metrics.Authentication("http", "missing");
            await SyncErrors.WriteAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "Unauthorized",
                "SESSION_REQUIRED",
                "Connect a device of this user from this address first, or send a token");
            return null;
        }

        metrics.Authentication("http", "valid");
        return new SyncCaller(userId, text, null);
    }

    private async ValueTask<SyncCaller?> RequireTokenAsync(HttpContext context, string token)
    {
        var status = SyncToken.Verify(key.Identity, token, time.GetUtcNow(), out var claims);
        var refusal = status switch
        {
            SyncTokenStatus.Valid => null,
            SyncTokenStatus.InvalidFormat => "Invalid token format",
            SyncTokenStatus.InvalidSignature => "Invalid token signature",
            SyncTokenStatus.InvalidPayload => "Invalid token payload",
            _ => "Token expired",
        };
        metrics.Authentication("http", refusal is null ? "valid" : status == SyncTokenStatus.Expired ? "expired" : "invalid");
        if (refusal is null)
        {
            return new SyncCaller(claims!.UserId, claims.UserId, claims);
        }

        await SyncErrors.WriteInvalidTokenAsync(context, refusal);
        return null;
    }
}
