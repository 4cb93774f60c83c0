using System.Text.Json;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sharing;

/// <summary>Reads request bodies, whatever type they say to be of (Sharing contract, section 1.1).</summary>
internal static class SharingBody
{
    // Smaller ones do not matter beside what a connection takes itself.
    private const int Counted = 64 * 1024;

    /// <summary>The whole body, which is the caller's.</summary>
    /// <returns>Null where it is larger than the route allows, or too many are read at once; then the request has been answered.</returns>
    public static async ValueTask<byte[]?> ReadAsync(HttpContext context)
    {
        var limit = SharingBodyLimit.Of(context).Bytes;
        var length = context.Request.ContentLength;
        if (length > limit)
        {
            await DrainAsync(context, length.Value, limit);
            await WriteTooLargeAsync(context);
            return null;
        }

        var most = length ?? limit;
        if (most > Counted)
        {
            if (context.RequestServices.GetRequiredService<SharingBodyBudget>().TryTake(most) is not { } part)
            {
                await DrainAsync(context, most, limit);
                context.Response.Headers.RetryAfter = "1";
                await SharingAnswer.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
                return null;
            }

            context.Response.RegisterForDispose(part);
        }

        if (length is not { } known)
        {
            return await RequestBody.ReadBytesAsync(context, (int)limit);
        }

        var bytes = new byte[known];
        await context.Request.Body.ReadExactlyAsync(bytes, context.RequestAborted);
        return bytes;
    }

    /// <summary>The body as a JSON object.</summary>
    /// <returns>Null where it is none; then the request has been answered.</returns>
    public static async ValueTask<JsonElement?> ReadObjectAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } bytes)
        {
            return null;
        }

        try
        {
            var json = RequestBody.ParseMembers(bytes);
            if (json.ValueKind == JsonValueKind.Object)
            {
                return json;
            }
        }
        catch (BadHttpRequestException)
        {
            // Not JSON: answered as what is no object.
        }

        await WriteInvalidAsync(context);
        return null;
    }

    /// <summary>The text of a member; null where it is missing, not a string, or not text that UTF-8 can carry.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? RequestBody.TextOf(member) : null;

    /// <summary>400 for a body that is not what the route needs.</summary>
    public static Task WriteInvalidAsync(HttpContext context) => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Invalid body");

    /// <summary>413 for a body above the route's limit.</summary>
    public static Task WriteTooLargeAsync(HttpContext context) => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status413PayloadTooLarge, "Body too large");

    // Read to its end and thrown away, so that its sender gets the answer instead of a reset connection.
    private static Task DrainAsync(HttpContext context, long length, long limit) =>
        length <= limit * SharingBodyLimit.DrainFactor ? context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted) : Task.CompletedTask;
}
