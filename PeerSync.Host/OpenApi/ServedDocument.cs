using System.Security.Cryptography;
using PeerSync.Host.Http;

namespace PeerSync.Host.OpenApi;

/// <summary>A document that is made when it is asked for the first time, and kept. Thread-safe.</summary>
/// <param name="write">Makes the document.</param>
internal sealed class ServedDocument(Func<Task<byte[]>> write)
{
    private readonly Lazy<Task<Content>> _content = new(async () =>
    {
        var json = await write();
        return new Content(json, $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"");
    });

    /// <summary>Answers with the document, or with 304 to whoever has it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var content = await _content.Value;
        context.Response.Headers.ETag = content.Tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (EntityTags.Match(context.Request, content.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await JsonAnswer.WriteUtf8Async(context, StatusCodes.Status200OK, content.Json);
    }

    private sealed record Content(byte[] Json, string Tag);
}
