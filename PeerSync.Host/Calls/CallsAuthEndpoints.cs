using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Turn;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>Tokens for devices, and what they open at the TURN server (Calls contract, sections 3.1 to 3.5).</summary>
internal sealed class CallsAuthEndpoints(PeerSyncOptions options, CallsTokens tokens, CallsPeerIds peers, CallsKeys keys, ICallsDirectory directory, TimeProvider time)
{
    private readonly IceServers _turn = new(keys.Turn, time);

    /// <summary>POST /auth/token.</summary>
    public async Task IssueAsync(HttpContext context)
    {
        var input = await CallsInput.ReadAsync(context, "deviceId");
        var deviceId = input.Required("deviceId", CallsDeviceId.MaxLength);
        if (input.Problems.Count == 0 && !CallsDeviceId.IsValid(deviceId))
        {
            input.Problems.Add("deviceId must be a string without control characters");
        }
        else if (input.Problems.Count == 0 && peers.IsReserved(deviceId))
        {
            // Whoever was told a peer's name must not become a device of that name.
            input.Problems.Add("deviceId must not be the id of a peer");
        }

        await (input.Problems.Count > 0 ? CallsAnswer.WriteProblemsAsync(context, input.Problems) : WriteTokenAsync(context, tokens.Issue(deviceId)));
    }

    /// <summary>POST /auth/refresh.</summary>
    public Task RefreshAsync(HttpContext context, CallsTokenClaims claims) => WriteTokenAsync(context, tokens.Issue(claims.DeviceId, claims.IsModerator));

    /// <summary>GET /auth/verify.</summary>
    public static Task VerifyAsync(HttpContext context, CallsTokenClaims claims) => CallsAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
    {
        writer.WriteBoolean("valid"u8, true);
        writer.WriteString("deviceId"u8, claims.DeviceId);
    });

    /// <summary>POST /turn/credentials.</summary>
    public async Task WriteTurnAsync(HttpContext context, CallsTokenClaims claims)
    {
        if (await directory.FindBanAsync(claims.DeviceId, context.RequestAborted) is not null)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "Device is banned");
            return;
        }

        var credential = _turn.CreateCredential(claims.DeviceId)!;
        context.Response.Headers.CacheControl = "no-store";
        await CallsAnswer.WriteObjectAsync(context, StatusCodes.Status201Created, writer =>
        {
            writer.WriteStartArray("urls"u8);
            foreach (var url in credential.Urls)
            {
                writer.WriteStringValue(url);
            }

            writer.WriteEndArray();
            writer.WriteString("username"u8, credential.Username);
            writer.WriteString("credential"u8, credential.Credential);
            writer.WriteNumber("ttl"u8, credential.LifetimeSeconds);
        });
    }

    private Task WriteTokenAsync(HttpContext context, string token)
    {
        context.Response.Headers.CacheControl = "no-store";
        return CallsAnswer.WriteObjectAsync(context, StatusCodes.Status201Created, writer =>
        {
            writer.WriteString("accessToken"u8, token);
            writer.WriteString("expiresIn"u8, options.Calls.TokenLifetime);
        });
    }
}
