using System.Security.Cryptography;
using System.Text;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Peers;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>Decides who may call which route (Calls contract, sections 2.1 and 3.7).</summary>
internal sealed class CallsAccess(PeerSyncOptions options, CallsTokens tokens, ICallsDirectory directory)
{
    /// <summary>The header with which a moderator proves to be one.</summary>
    public const string KeyHeader = "X-Moderator-Key";

    private readonly HashSet<string> _moderators = options.Calls.Moderators.ToHashSet(StringComparer.Ordinal);
    private readonly byte[] _keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(options.Calls.ModeratorKey.Value));

    /// <summary>What a request's bearer token says.</summary>
    public CallsTokenStatus Read(HttpContext context, out CallsTokenClaims? claims)
    {
        claims = null;
        return BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString()) is { } token ? tokens.Verify(token, out claims) : CallsTokenStatus.Invalid;
    }

    /// <summary>Runs a handler for whoever has a valid token, and answers 401 to others.</summary>
    public RequestDelegate Authenticated(Func<HttpContext, CallsTokenClaims, Task> handler) => context =>
    {
        var status = Read(context, out var claims);
        return status == CallsTokenStatus.Valid ? handler(context, claims!) : HttpErrors.WriteAsync(
            context,
            StatusCodes.Status401Unauthorized,
            status == CallsTokenStatus.NoDevice ? "Invalid token payload" : "Authentication required");
    };

    /// <summary>Runs a handler for moderators, and answers 401 or 403 to others.</summary>
    public RequestDelegate Moderating(Func<HttpContext, CallsDevice, Task> handler) => Authenticated(async (context, claims) =>
    {
        var isListed = _moderators.Contains(claims.DeviceId);
        var device = isListed
            ? await directory.EnsureDeviceAsync(claims.DeviceId, context.RequestAborted)
            : await directory.FindDeviceAsync(claims.DeviceId, context.RequestAborted);
        if (device is null)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "User not found");
        }
        else if ((!isListed && device.Role == CallsRole.User) || !(claims.IsModerator || HasKey(context)))
        {
            // A device id can be anybody's, so the role alone opens nothing.
            await HttpErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "Moderator privileges required");
        }
        else
        {
            await handler(context, device);
        }
    });

    /// <summary>Whether a device is a moderator, by the settings or by appointment.</summary>
    public async Task<bool> IsModeratorAsync(string deviceId, CancellationToken cancellationToken) =>
        _moderators.Contains(deviceId) || await directory.FindDeviceAsync(deviceId, cancellationToken) is { Role: not CallsRole.User };

    /// <summary>The devices that the settings name.</summary>
    public IReadOnlyCollection<string> ListedModerators => _moderators;

    // Hashes are compared, so that neither the time nor the length tells anything.
    private bool HasKey(HttpContext context)
    {
        var given = context.Request.Headers[KeyHeader].ToString();
        return !options.Calls.ModeratorKey.IsEmpty && given.Length > 0
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _keyHash);
    }
}
