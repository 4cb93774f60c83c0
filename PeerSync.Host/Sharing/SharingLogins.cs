using System.Text.Json;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Opens sessions and issues their tokens.</summary>
internal sealed class SharingLogins(ISharingAccounts accounts, SharingTokens tokens, IAuditLog audit, SharingMetrics metrics)
{
    private const string Feature = "sharing";

    /// <summary>Logs in whom a provider has named.</summary>
    /// <param name="provider">The provider, for the metrics.</param>
    /// <param name="profile">Who.</param>
    /// <param name="client">What the client calls itself, or null.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<IssuedTokens> OpenAsync(string provider, SharingProfile profile, string? client, CancellationToken cancellationToken)
    {
        var login = await accounts.LogInAsync(profile, client, tokens.RefreshLifetime, cancellationToken);
        metrics.LoginEnded(provider, "success");
        return Issue(login.User.Id, login.SessionId, 0, login.User);
    }

    /// <summary>Ends a login whose tokens nobody will get.</summary>
    public Task CloseAsync(IssuedTokens issued, CancellationToken cancellationToken) =>
        accounts.EndSessionAsync(issued.User!.Id, issued.SessionId, cancellationToken);

    /// <summary>Notes that nobody was logged in.</summary>
    /// <param name="provider">The provider, for the metrics.</param>
    /// <param name="result">Why not: one of a few fixed words.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task RefusedAsync(string provider, string result, CancellationToken cancellationToken)
    {
        metrics.LoginEnded(provider, result);
        return audit.AppendAsync(new AuditEntry(Feature, "USER_LOGIN_REFUSED", null, null, $"{provider} {result}"), cancellationToken);
    }

    /// <summary>The tokens of a session.</summary>
    public IssuedTokens Issue(string userId, string sessionId, long generation, SharingUser? user = null) =>
        new(user, sessionId, tokens.IssueAccess(userId, sessionId), tokens.IssueRefresh(userId, sessionId, generation));
}

/// <summary>The tokens of a login.</summary>
/// <param name="User">Whose they are; null where the client knows.</param>
/// <param name="SessionId">The session that they belong to.</param>
/// <param name="Access">Opens the routes.</param>
/// <param name="Refresh">Is exchanged for two new ones.</param>
internal sealed record IssuedTokens(SharingUser? User, string SessionId, string Access, string Refresh)
{
    /// <summary>The member <c>user</c>.</summary>
    public void WriteUser(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("user"u8);
        writer.WriteString("id"u8, User!.Id);
        writer.WriteString("email"u8, User.Email);
        writer.WriteString("name"u8, User.Name);
        writer.WriteString("avatarUrl"u8, User.AvatarUrl);
        writer.WriteEndObject();
    }

    /// <summary>The member <c>tokens</c>.</summary>
    public void WriteTokens(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("tokens"u8);
        writer.WriteString("access"u8, Access);
        writer.WriteString("refresh"u8, Refresh);
        writer.WriteEndObject();
    }

    /// <summary>Seals the tokens for a client.</summary>
    public SharingSealedText Seal(SharingPublicKey client) => SharingSealedText.Seal(client, SharingAnswer.Encode(WriteTokens));

    /// <summary>Answers with both.</summary>
    public Task WriteAsync(HttpContext context) => SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
    {
        WriteUser(writer);
        WriteTokens(writer);
    });
}
