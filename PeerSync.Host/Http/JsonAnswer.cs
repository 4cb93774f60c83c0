using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PeerSync.Host.Http;

/// <summary>Writes JSON answers.</summary>
internal static class JsonAnswer
{
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>Writes a whole answer; a HEAD request gets its headers.</summary>
    public static Task WriteAsync<T>(HttpContext context, int statusCode, T value, JsonTypeInfo<T> typeInfo) =>
        WriteUtf8Async(context, statusCode, JsonSerializer.SerializeToUtf8Bytes(value, typeInfo));

    /// <summary>Writes a whole answer that is encoded already; a HEAD request gets its headers.</summary>
    public static Task WriteUtf8Async(HttpContext context, int statusCode, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;

        // Not cancelled with the request: a client that has left makes the write end at once, without an exception to catch.
        return context.Response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }
}
