using System.Net;
using System.Text;

namespace PeerSync.Host.OpenApi;

/// <summary>The API reference: a page that shows a document with Scalar, and a plain list of the routes where scripts do not run.</summary>
internal static class ReferencePage
{
    // Styles stand in the elements that the script makes. Nothing else may come from anywhere but this server, and nothing may be sent elsewhere.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // No fonts, no counting, no proxy and none of the services that the script's makers offer.
    private const string Configuration =
        """{"withDefaultFonts":false,"telemetry":false,"hideClientButton":true,"showDeveloperTools":"never","showToolbar":"never","proxyUrl":"","agent":{"disabled":true},"mcp":{"disabled":true},"persistAuth":false}""";

    /// <summary>Answers with the page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="document">The path of the document.</param>
    /// <param name="script">The path of the script.</param>
    /// <param name="outline">What is particular to the document.</param>
    /// <param name="routes">What is in the document.</param>
    public static Task WriteAsync(HttpContext context, string document, string script, DocumentOutline outline, IReadOnlyList<DescribedRoute> routes)
    {
        var body = Encoding.UTF8.GetBytes(Compose(document, script, outline.Info.Title!, routes));
        var response = context.Response;
        response.ContentType = "text/html; charset=UTF-8";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        response.Headers.Pragma = "no-cache";
        response.Headers.Expires = "0";
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    private static string Compose(string document, string script, string title, IReadOnlyList<DescribedRoute> routes)
    {
        var list = new StringBuilder();
        foreach (var route in routes)
        {
            list.Append("<li><code>").Append(route.Method).Append(' ').Append(WebUtility.HtmlEncode(route.Path)).Append("</code>: ")
                .Append(WebUtility.HtmlEncode(route.Description.Summary)).Append("</li>\n");
        }

        title = WebUtility.HtmlEncode(title);
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            </head>
            <body>
            <noscript>
            <h1>{title}</h1>
            <p>The document itself: <a href="{document}">{document}</a></p>
            <ul>
            {list}</ul>
            </noscript>
            <script id="api-reference" type="application/json" data-url="{document}" data-configuration="{WebUtility.HtmlEncode(Configuration)}"></script>
            <script src="{script}"></script>
            </body>
            </html>

            """;
    }
}
