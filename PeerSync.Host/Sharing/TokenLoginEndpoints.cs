using System.Text.Json;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>The extension's login: with a token of GitHub that the editor has (Sharing contract, section 2.4).</summary>
internal sealed class TokenLoginEndpoints(GitHubClient gitHub, SharingLogins logins, DevLoginEndpoints devLogin)
{
    private const string Provider = "github_token";
    private const int MinToken = 10;

    /// <summary>Maps the route.</summary>
    public void Map(SharingRoutes routes) =>
        routes.Open(HttpMethods.Post, "/auth/login-with-token", LogInAsync, SharingLimit.Auth).WithMetadata(new SharingBodyLimit(16 * 1024));

    private async Task LogInAsync(HttpContext context)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        var token = SharingBody.Text(body, "accessToken") ?? string.Empty;
        var named = devLogin.IsOn && token.StartsWith(DevLoginEndpoints.TokenPrefix, StringComparison.Ordinal)
            ? DevLoginEndpoints.Profile(token[DevLoginEndpoints.TokenPrefix.Length..])
            : null;
        if (SharingBody.Text(body, "provider") != "github"
            || ClientKey(body) is not { } clientKey
            || (named is null && (token.Length < MinToken || !GitHubClient.IsToken(token))))
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        IssuedTokens tokens;
        try
        {
            tokens = await OpenAsync(context, named, token);
        }
        catch (GitHubException exception)
        {
            await logins.RefusedAsync(Provider, exception.Result, context.RequestAborted);
            await SharingAnswer.WriteErrorAsync(context, exception.StatusCode, exception.Error);
            return;
        }

        // The id names nothing: what is in this answer is kept nowhere.
        var sealedTokens = tokens.Seal(clientKey);
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteString("handshakeId"u8, Guid.NewGuid());
            sealedTokens.WriteMembers(writer);
        });
    }

    private static SharingPublicKey? ClientKey(JsonElement body) =>
        body.TryGetProperty("handshake", out var handshake) && handshake.ValueKind == JsonValueKind.Object
            && handshake.TryGetProperty("clientPublicKeyJwk", out var jwk) && SharingPublicKey.TryRead(jwk, out var key)
            ? key
            : null;

    private async Task<IssuedTokens> OpenAsync(HttpContext context, SharingProfile? named, string token)
    {
        var client = context.Request.Headers.UserAgent.ToString();
        return named is not null
            ? await devLogin.OpenAsync(named, client, context.RequestAborted)
            : await logins.OpenAsync(Provider, await gitHub.GetProfileAsync(token, context.RequestAborted), client, context.RequestAborted);
    }
}
