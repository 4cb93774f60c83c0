using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using PeerSync.Host.Configuration;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>The login through the browser (Sharing contract, section 2.3).</summary>
internal sealed class HandshakeEndpoints(PeerSyncOptions options, ISharingHandshakes handshakes, GitHubClient gitHub, SharingLogins logins)
{
    private const string Provider = "github_browser";
    private const string InvalidHandshake = "Invalid handshake";
    private const int MaxCode = 1024;

    private static readonly SharingBodyLimit Limit = new(16 * 1024);

    /// <summary>Maps the routes. Asking for the result is no attempt to log in: a client does it every second or two.</summary>
    public void Map(SharingRoutes routes)
    {
        routes.Open(HttpMethods.Post, "/auth/handshake/init", InitAsync, SharingLimit.Auth).WithMetadata(Limit);
        routes.Open(HttpMethods.Get, "/auth/github", WriteAddressAsync, SharingLimit.Auth);
        routes.Open(HttpMethods.Get, "/auth/callback", ReturnAsync, SharingLimit.Auth);

        // The page's own form, which no program sends.
        routes.Open(HttpMethods.Post, "/auth/handshake/confirm", ConfirmAsync, SharingLimit.Auth).WithMetadata(Limit).ExcludeFromDescription();
        routes.Open(HttpMethods.Get, "/auth/handshake/retrieve", RetrieveAsync);
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static async ValueTask<Dictionary<string, string?>?> ReadFormAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
        {
            return await SharingBody.ReadAsync(context) is { } bytes
                ? QueryHelpers.ParseQuery(Encoding.UTF8.GetString(bytes)).ToDictionary(static field => field.Key, static field => (string?)field.Value[0])
                : null;
        }

        string[] names = ["id", "token", "decision"];
        return await SharingBody.ReadObjectAsync(context) is { } json ? names.ToDictionary(static name => name, name => SharingBody.Text(json, name)) : null;
    }

    private static Task RefuseAsync(HttpContext context, int statusCode, string error) => ConfirmationPage.IsFor(context.Request)
        ? ConfirmationPage.WriteMessageAsync(context, statusCode, error)
        : SharingAnswer.WriteErrorAsync(context, statusCode, error);

    private async Task InitAsync(HttpContext context)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        if (!body.TryGetProperty("clientPublicKeyJwk", out var key) || !SharingPublicKey.TryRead(key, out _))
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        var id = Guid.NewGuid().ToString("D");
        await handshakes.CreateAsync(new SharingHandshake(id, key.GetRawText(), NewSecret()), options.Sharing.HandshakeLifetime, context.RequestAborted);
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteString("handshakeId"u8, id);
            writer.WriteNumber("expiresInMs"u8, (long)options.Sharing.HandshakeLifetime.TotalMilliseconds);
            writer.WriteString("confirmationCode"u8, ConfirmationPage.CodeOf(id));
        });
    }

    private async Task WriteAddressAsync(HttpContext context)
    {
        if (!await IsConfiguredAsync(context))
        {
            return;
        }

        var id = context.Request.Query["hid"].ToString();
        SharingHandshake? handshake;
        if (id.Length > 0)
        {
            handshake = await handshakes.FindWaitingAsync(id, context.RequestAborted);
        }
        else
        {
            // Nobody has begun this one, so its result goes to whoever comes back from GitHub.
            handshake = new SharingHandshake(NewSecret(), null, NewSecret());
            await handshakes.CreateAsync(handshake, options.Sharing.HandshakeLifetime, context.RequestAborted);
        }

        if (handshake is null)
        {
            await SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, InvalidHandshake);
            return;
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(handshake.Verifier)));
        await SharingAnswer.WriteObjectAsync(
            context, StatusCodes.Status200OK, writer => writer.WriteString("url"u8, gitHub.AuthorizeUrl(handshake.Id, challenge)));
    }

    private async Task ReturnAsync(HttpContext context)
    {
        if (!await IsConfiguredAsync(context))
        {
            return;
        }

        var query = context.Request.Query;
        var code = query["code"].ToString();
        if (code.Length is 0 or > MaxCode)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Missing code");
            return;
        }

        // Before GitHub is asked, and taken: a second one who comes with the same state finds nothing.
        var id = query["hid"].ToString() is { Length: > 0 } hid ? hid : query["state"].ToString();
        if (id.Length == 0 || await handshakes.BeginExchangeAsync(id, context.RequestAborted) is not { } handshake)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidHandshake);
            return;
        }

        SharingProfile profile;
        try
        {
            var token = await gitHub.ExchangeAsync(code, handshake.Verifier, context.RequestAborted);
            profile = await gitHub.GetProfileAsync(token, context.RequestAborted);
        }
        catch (GitHubException exception)
        {
            await handshakes.AbandonExchangeAsync(id, CancellationToken.None);
            await logins.RefusedAsync(Provider, exception.Result, CancellationToken.None);
            await RefuseAsync(context, exception.StatusCode, exception.Error);
            return;
        }

        if (handshake.ClientKey is null)
        {
            await handshakes.RemoveAsync(id, CancellationToken.None);
            var tokens = await OpenAsync(context, profile);
            await tokens.WriteAsync(context);
        }
        else if (ConfirmationPage.IsFor(context.Request))
        {
            await AskAsync(context, id, profile);
        }
        else
        {
            await CompleteAsync(context, handshake, profile);
        }
    }

    private async Task AskAsync(HttpContext context, string id, SharingProfile profile)
    {
        var token = ConfirmationPage.NewToken();
        var isThere = await handshakes.AskConfirmationAsync(id, token, HandshakeProfile.Write(profile), CancellationToken.None);
        await (isThere
            ? ConfirmationPage.WriteQuestionAsync(context, id, token, profile)
            : RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidHandshake));
    }

    private async Task ConfirmAsync(HttpContext context)
    {
        if (await ReadFormAsync(context) is not { } form)
        {
            return;
        }

        var id = form.GetValueOrDefault("id") ?? string.Empty;
        if (await handshakes.ConfirmAsync(id, form.GetValueOrDefault("token") ?? string.Empty, context.RequestAborted) is not { } confirmed)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidHandshake);
        }
        else if (form.GetValueOrDefault("decision") is "no")
        {
            await handshakes.RemoveAsync(id, CancellationToken.None);
            await logins.RefusedAsync(Provider, "declined", CancellationToken.None);
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The login was declined");
        }
        else
        {
            await CompleteAsync(context, confirmed.Handshake, HandshakeProfile.Read(confirmed.Found));
        }
    }

    private async Task CompleteAsync(HttpContext context, SharingHandshake handshake, SharingProfile profile)
    {
        var tokens = await OpenAsync(context, profile);
        if (!SharingPublicKey.TryRead(Encoding.UTF8.GetBytes(handshake.ClientKey!), out var clientKey))
        {
            throw new InvalidDataException("A handshake has lost its key.");
        }

        var sealedTokens = tokens.Seal(clientKey);
        var result = Encoding.UTF8.GetString(SharingAnswer.Encode(sealedTokens.WriteMembers));
        if (!await handshakes.CompleteAsync(handshake.Id, result, CancellationToken.None))
        {
            await logins.CloseAsync(tokens, CancellationToken.None);
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidHandshake);
        }
        else if (ConfirmationPage.IsFor(context.Request))
        {
            await ConfirmationPage.WriteMessageAsync(context, StatusCodes.Status200OK, "You are logged in");
        }
        else
        {
            await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
            {
                writer.WriteBoolean("ok"u8, true);
                writer.WriteString("handshakeId"u8, handshake.Id);
                sealedTokens.WriteServerKey(writer);
            });
        }
    }

    private async Task RetrieveAsync(HttpContext context)
    {
        var id = context.Request.Query["id"].ToString();
        if (id.Length == 0)
        {
            await SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Missing id");
            return;
        }

        var (outcome, result) = await handshakes.TakeAsync(id, context.RequestAborted);
        await (outcome switch
        {
            SharingHandshakeOutcome.Unknown => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, "Not found"),
            SharingHandshakeOutcome.Expired => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status410Gone, "Expired"),
            SharingHandshakeOutcome.NotReady => SharingAnswer.WriteObjectAsync(
                context, StatusCodes.Status200OK, static writer => writer.WriteBoolean("ready"u8, false)),
            _ => SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer => WriteResult(writer, result!)),
        });
    }

    private static void WriteResult(Utf8JsonWriter writer, string result)
    {
        writer.WriteBoolean("ready"u8, true);
        using var members = JsonDocument.Parse(result);
        foreach (var member in members.RootElement.EnumerateObject())
        {
            member.WriteTo(writer);
        }
    }

    private Task<IssuedTokens> OpenAsync(HttpContext context, SharingProfile profile) =>
        logins.OpenAsync(Provider, profile, context.Request.Headers.UserAgent.ToString(), CancellationToken.None);

    private async ValueTask<bool> IsConfiguredAsync(HttpContext context)
    {
        if (!options.Sharing.GitHub.IsConfigured)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "GitHub login is not configured");
        }

        return options.Sharing.GitHub.IsConfigured;
    }
}
