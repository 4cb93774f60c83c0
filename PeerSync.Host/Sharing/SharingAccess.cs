namespace PeerSync.Host.Sharing;

/// <summary>Finds out who calls a protected route (Sharing contract, section 1.2).</summary>
internal sealed class SharingAccess(SharingSessions sessions)
{
    // A fixed realm: the address with its query does not belong into a header.
    private const string Realm = "osmynt-api-engine";

    private static readonly string NoHeader = Describe("invalid_request", "no authorization included in request");
    private static readonly string NotTwoParts = Describe("invalid_request", "invalid credentials structure");
    private static readonly string BadToken = Describe("invalid_token", "token verification failure");

    /// <summary>Whoever presents a valid access token; null where nobody does, with what the client is told of it in the answer's header.</summary>
    /// <remarks>The scheme's word is not looked at, as the original does not.</remarks>
    public async ValueTask<SharingCaller?> IdentifyAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            context.Response.Headers.WWWAuthenticate = NoHeader;
            return null;
        }

        var parts = header.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
        {
            context.Response.Headers.WWWAuthenticate = NotTwoParts;
            return null;
        }

        var caller = await sessions.VerifyAsync(parts[1], context.RequestAborted);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = BadToken;
        }

        return caller;
    }

    /// <summary>401, in text: a client that can read it as JSON takes its device for removed and destroys its keys.</summary>
    public static Task WriteUnauthorizedAsync(HttpContext context) =>
        SharingAnswer.WriteTextAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized");

    private static string Describe(string error, string description) =>
        $"Bearer realm=\"{Realm}\",error=\"{error}\",error_description=\"{description}\"";
}
