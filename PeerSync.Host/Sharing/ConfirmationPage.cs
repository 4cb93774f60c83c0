using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>
/// What a browser sees that comes back from GitHub: who logs in where, and a form to say yes. It needs no script, and nothing from elsewhere.
/// </summary>
/// <remarks>
/// Whoever starts a login can send its address to somebody else, who would approve it and give the starter a session as that person. So the page shows a code, and
/// asks whether the program that is to be logged in shows the same.
/// </remarks>
internal static class ConfirmationPage
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:4em auto;padding:0 1em}code{font-size:2em;letter-spacing:.1em}"
        + "button{font:inherit;padding:.5em 1em;margin-right:1em}";

    // Without 0, O, 1, I and U: people compare these.
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";
    private const int CodeLength = 8;

    private static readonly string Policy = string.Concat(
        "default-src 'none'; style-src 'sha256-",
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style))),
        "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");

    /// <summary>The code of a handshake, which the program that has started it shows too.</summary>
    public static string CodeOf(string handshakeId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("confirmation code of " + handshakeId));
        var code = new StringBuilder();
        for (var i = 0; i < CodeLength; i++)
        {
            code.Append(i == CodeLength / 2 ? "-" : string.Empty).Append(Letters[hash[i] % Letters.Length]);
        }

        return code.ToString();
    }

    /// <summary>A word that only this page knows.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a person looks at the answer. A browser cannot be made to leave out what tells it, neither by a link nor by a page's script.</summary>
    public static bool IsFor(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        || request.Headers.Keys.Any(static name => name.StartsWith("Sec-Fetch-", StringComparison.OrdinalIgnoreCase));

    /// <summary>Asks.</summary>
    public static Task WriteQuestionAsync(HttpContext context, string handshakeId, string token, SharingProfile profile) => WriteAsync(
        context,
        StatusCodes.Status200OK,
        "Confirm the login",
        $"""
        <p>A program wants to be logged in as <strong>{Encode(profile.Name)}</strong> ({Encode(profile.Email)}). It shows a code. Is it this one?</p>
        <p><code>{CodeOf(handshakeId)}</code></p>
        <p>If nothing in front of you shows this code, somebody else has started this login: say no.</p>
        <form method="post" action="handshake/confirm">
        <input type="hidden" name="id" value="{Encode(handshakeId)}"><input type="hidden" name="token" value="{Encode(token)}">
        <button name="decision" value="yes">Yes, log it in</button><button name="decision" value="no">No</button>
        </form>
        """);

    /// <summary>Tells what has come of it.</summary>
    public static Task WriteMessageAsync(HttpContext context, int statusCode, string message) =>
        WriteAsync(context, statusCode, message, "<p>This page can be closed.</p>");

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static Task WriteAsync(HttpContext context, int statusCode, string title, string body)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        var heading = Encode(title);
        var page = $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{heading}</title><style>{Style}</style></head>
            <body><h1>{heading}</h1>
            {body}
            </body></html>
            """;
        return SharingAnswer.WriteAsync(context, statusCode, "text/html; charset=UTF-8", Encoding.UTF8.GetBytes(page));
    }
}
