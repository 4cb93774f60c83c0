using PeerSync.Actors.Identity;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Peers;

/// <summary>Says who calls, and answers those who cannot say (Peers contract, section 4.4).</summary>
internal sealed class PeersAuthentication(ITokenVerifier verifier, PeerSyncMetrics metrics)
{
    private const string Invalid = "Authentication token is invalid";

    /// <summary>The networks' callers.</summary>
    /// <returns>The caller, or null where the request has been answered.</returns>
    public async ValueTask<VerifiedIdentity?> RequireMemberAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            metrics.Authentication("http", "missing");
            await WriteUnauthorizedAsync(context, "Authentication token is required");
            return null;
        }

        var outcome = await VerifyAsync(BearerCredentials.FromSchemeOrBare(header), context);
        if (outcome.Status == TokenStatus.Expired)
        {
            await WriteUnauthorizedAsync(context, "Authentication token has expired");
            return null;
        }

        return await RequireValidAsync(outcome, context);
    }

    /// <summary>The verification's callers: every refusal reads the same.</summary>
    /// <returns>The caller, or null where the request has been answered.</returns>
    public async ValueTask<VerifiedIdentity?> RequireBearerAsync(HttpContext context)
    {
        var token = BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString());
        if (token is null)
        {
            metrics.Authentication("http", "missing");
            await WriteUnauthorizedAsync(context, Invalid);
            return null;
        }

        return await RequireValidAsync(await VerifyAsync(token, context), context);
    }

    private static async ValueTask<VerifiedIdentity?> RequireValidAsync(TokenVerification outcome, HttpContext context)
    {
        if (outcome.IsValid)
        {
            return outcome.Identity;
        }

        await (outcome.Status == TokenStatus.Unavailable ? HttpErrors.WriteUnavailableAsync(context) : WriteUnauthorizedAsync(context, Invalid));
        return null;
    }

    private static Task WriteUnauthorizedAsync(HttpContext context, string message) =>
        HttpErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, message);

    private async ValueTask<TokenVerification> VerifyAsync(string token, HttpContext context)
    {
        var outcome = await verifier.VerifyAsync(token, context.RequestAborted);
        metrics.Authentication("http", PeersMetrics.NameOf(outcome.Status));
        return outcome;
    }
}
