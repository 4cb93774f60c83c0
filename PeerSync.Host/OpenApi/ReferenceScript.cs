using System.IO.Compression;
using System.Reflection;

namespace PeerSync.Host.OpenApi;

/// <summary>The script of the API reference page, from the server's own file: see <c>Scalar/LICENSE</c>.</summary>
internal static class ReferenceScript
{
    /// <summary>The name below the page's path. It has the version, so that browsers may keep it for good; <c>eng/scalar.sh</c> fetches the same one.</summary>
    public const string FileName = "scalar-1.46.4.js";

    private const string Resource = "scalar.js.br";
    private const string ContentType = "text/javascript; charset=utf-8";
    private const string PlainTag = "\"" + FileName + "\"";
    private const string CompressedTag = "\"" + FileName + ".br\"";

    /// <summary>Answers with the script, compressed for whoever can read that.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        var isCompressed = context.Request.GetTypedHeaders().AcceptEncoding.Any(static encoding =>
            encoding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0);
        var response = context.Response;
        var tag = isCompressed ? CompressedTag : PlainTag;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.XContentTypeOptions = "nosniff";
        if (EntityTags.Match(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = ContentType;
        await using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        if (isCompressed)
        {
            response.Headers.ContentEncoding = "br";
            response.ContentLength = file.Length;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (isCompressed)
        {
            await file.CopyToAsync(response.Body, context.RequestAborted);
            return;
        }

        await using var script = new BrotliStream(file, CompressionMode.Decompress);
        await script.CopyToAsync(response.Body, context.RequestAborted);
    }
}
