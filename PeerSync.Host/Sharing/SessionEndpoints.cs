using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Renews and ends logins.</summary>
internal sealed class SessionEndpoints(SharingTokens tokens, ISharingAccounts accounts, SharingSessions sessions, SharingLogins logins)
{
    // Two windows of one editor renew at once, and answers get lost.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Maps the routes.</summary>
    public void Map(SharingRoutes routes)
    {
        routes.Open(HttpMethods.Post, "/auth/refresh", RefreshAsync, SharingLimit.Auth).WithMetadata(new SharingBodyLimit(16 * 1024));
        routes.Protected(HttpMethods.Post, "/auth/logout", LogOutAsync);
        routes.ProtectedAt(HttpMethods.Post, "/auth/protected/logout", LogOutAsync).ExcludeFromDescription();
        routes.Protected(HttpMethods.Post, "/auth/logout-all", LogOutEverywhereAsync);
        routes.Protected(HttpMethods.Get, "/auth/sessions", ListAsync);
        routes.Protected(HttpMethods.Delete, "/auth/sessions/{sessionId}", EndAsync);
    }

    private async Task RefreshAsync(HttpContext context)
    {
        // Either place will do; a body is only looked at where the header has nothing.
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.Length > 0 ? header.Split(' ')[^1] : null;
        if (token is null)
        {
            if (await SharingBody.ReadObjectAsync(context) is not { } body)
            {
                return;
            }

            if ((token = SharingBody.Text(body, "refresh")) is null)
            {
                await SharingBody.WriteInvalidAsync(context);
                return;
            }
        }

        if (!tokens.TryVerify(token, SharingTokenKind.Refresh, out var claims))
        {
            await SharingAccess.WriteUnauthorizedAsync(context);
            return;
        }

        // Not cancelled with the request: a session that is renewed without an answer costs its user the grace at least.
        var (outcome, generation) = await accounts.RefreshAsync(
            claims.UserId, claims.SessionId, claims.Generation, Grace, tokens.RefreshLifetime, CancellationToken.None);
        if (outcome == SharingRenewalOutcome.Renewed)
        {
            var issued = logins.Issue(claims.UserId, claims.SessionId, generation);
            await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, issued.WriteTokens);
            return;
        }

        if (outcome == SharingRenewalOutcome.Reused)
        {
            sessions.Ended(claims.UserId, claims.SessionId);
        }

        await SharingAccess.WriteUnauthorizedAsync(context);
    }

    private async Task LogOutAsync(HttpContext context, SharingCaller caller)
    {
        await sessions.EndAsync(caller.UserId, caller.SessionId, context.RequestAborted);
        await SharingAnswer.WriteOkAsync(context);
    }

    private async Task LogOutEverywhereAsync(HttpContext context, SharingCaller caller)
    {
        await sessions.EndAllAsync(caller.UserId, context.RequestAborted);
        await SharingAnswer.WriteOkAsync(context);
    }

    private async Task ListAsync(HttpContext context, SharingCaller caller)
    {
        var live = await accounts.ListSessionsAsync(caller.UserId, context.RequestAborted);
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray("sessions"u8);
            foreach (var session in live)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, session.Id);
                writer.WriteString("client"u8, session.Client);
                writer.WriteString("createdAt"u8, SharingAnswer.Iso(session.CreatedAt));
                writer.WriteString("refreshedAt"u8, SharingAnswer.Iso(session.RefreshedAt));
                writer.WriteString("expiresAt"u8, SharingAnswer.Iso(session.ExpiresAt));
                writer.WriteBoolean("isCurrent"u8, session.Id == caller.SessionId);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private async Task EndAsync(HttpContext context, SharingCaller caller)
    {
        var ended = await sessions.EndAsync(caller.UserId, SharingPath.Value(context, "sessionId"), context.RequestAborted);
        await (ended ? SharingAnswer.WriteOkAsync(context) : SharingAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, "Not found"));
    }
}
