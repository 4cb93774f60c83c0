using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PeerSync.Host.Sharing;

/// <summary>Writes the answers of the Sharing feature's routes (Sharing contract, section 1).</summary>
internal static class SharingAnswer
{
    private const string Json = "application/json";
    private const string Text = "text/plain; charset=UTF-8";

    private static readonly byte[] Ok = """{"ok":true}"""u8.ToArray();

    /// <summary>An error as clients show it: <c>{"error":"..."}</c>.</summary>
    public static Task WriteErrorAsync(HttpContext context, int statusCode, string error) =>
        WriteObjectAsync(context, statusCode, writer => writer.WriteString("error"u8, error));

    /// <summary>Plain text, which no client takes for an answer about its keys.</summary>
    public static Task WriteTextAsync(HttpContext context, int statusCode, string text) => WriteAsync(context, statusCode, Text, Encoding.UTF8.GetBytes(text));

    /// <summary>404 for a route or a method that does not exist.</summary>
    public static Task WriteNoRouteAsync(HttpContext context) => WriteTextAsync(context, StatusCodes.Status404NotFound, "404 Not Found");

    /// <summary>What changes answer.</summary>
    public static Task WriteOkAsync(HttpContext context) => WriteJsonAsync(context, StatusCodes.Status200OK, Ok);

    /// <summary>An object.</summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="members">Writes its members.</param>
    public static Task WriteObjectAsync(HttpContext context, int statusCode, Action<Utf8JsonWriter> members) =>
        WriteAsync(context, statusCode, Json, EncodeCore(members).WrittenMemory);

    /// <summary>An object's text.</summary>
    public static byte[] Encode(Action<Utf8JsonWriter> members) => EncodeCore(members).WrittenSpan.ToArray();

    /// <summary>JSON that is encoded already.</summary>
    public static Task WriteJsonAsync(HttpContext context, int statusCode, ReadOnlyMemory<byte> utf8) => WriteAsync(context, statusCode, Json, utf8);

    /// <summary>Any answer; a HEAD request gets its headers.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;

        // Not cancelled with the request: a client that has left makes the write end at once, without an exception to catch.
        return context.Response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    /// <summary>A time as JavaScript writes it.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static ArrayBufferWriter<byte> EncodeCore(Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return body;
    }
}
