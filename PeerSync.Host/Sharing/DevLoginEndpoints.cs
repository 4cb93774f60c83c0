using PeerSync.Host.Configuration;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>The login without GitHub, under any name, for those who try the server.</summary>
internal sealed class DevLoginEndpoints(PeerSyncOptions options, SharingLogins logins)
{
    /// <summary>What stands before the name where a token of GitHub is expected.</summary>
    public const string TokenPrefix = "dev:";

    /// <summary>The longest name.</summary>
    public const int MaxName = 64;

    private const string Provider = "dev";

    /// <summary>Whether the settings and the environment have it.</summary>
    public bool IsOn { get; } = !options.IsProduction && options.Sharing.DevLogin != DevLoginMode.Off;

    /// <summary>Maps its route, where there is one.</summary>
    public void Map(SharingRoutes routes)
    {
        if (IsOn)
        {
            routes.Open(HttpMethods.Post, "/auth/dev-login", LogInAsync, SharingLimit.Auth);
        }
    }

    /// <summary>The account of a name; null for what is no name.</summary>
    public static SharingProfile? Profile(string? name)
    {
        if (name is not { Length: > 0 and <= MaxName } || name.Any(char.IsControl) || name.Trim().Length != name.Length)
        {
            return null;
        }

        var mailbox = new string([.. name.Select(static c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')]);
        return new SharingProfile(TokenPrefix + name, name, mailbox + "@dev.invalid", null);
    }

    /// <summary>Logs a name in.</summary>
    public Task<IssuedTokens> OpenAsync(SharingProfile profile, string? client, CancellationToken cancellationToken) =>
        logins.OpenAsync(Provider, profile, client, cancellationToken);

    private async Task LogInAsync(HttpContext context)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        if (Profile(SharingBody.Text(body, "name")) is not { } profile)
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        var tokens = await OpenAsync(profile, context.Request.Headers.UserAgent.ToString(), context.RequestAborted);
        await tokens.WriteAsync(context);
    }
}
