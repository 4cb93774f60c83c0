using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PeerSync.Host.Http;

/// <summary>
/// A request body read as the originals' body parser does: JSON and form-urlencoded are understood, any other type and an empty body have no
/// members (Peers contract, section 1.1).
/// </summary>
internal sealed class RequestBody
{
    private static readonly RequestBody Empty = new(default, null);

    private readonly JsonElement _json;
    private readonly Dictionary<string, StringValues>? _form;

    private RequestBody(JsonElement json, Dictionary<string, StringValues>? form)
    {
        _json = json;
        _form = form;
    }

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="BadHttpRequestException">400: not JSON, or neither an object nor an array; 413: above the limit.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context)
    {
        var isJson = false;
        var isForm = false;
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var contentType))
        {
            isJson = contentType.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
            isForm = contentType.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        }

        if (!isJson && !isForm)
        {
            return Empty;
        }

        var limit = context.RequestServices.GetRequiredService<PeerSyncHttpOptions>().BodyLimit;
        var bytes = await ReadBytesAsync(context, limit);
        if (bytes.Length == 0)
        {
            return Empty;
        }

        return isJson ? new RequestBody(ParseMembers(bytes), null) : new RequestBody(default, QueryHelpers.ParseQuery(Encoding.UTF8.GetString(bytes)));
    }

    /// <summary>The text of a member; null where it is missing, not a string, or not text that UTF-8 can carry.</summary>
    public string? Text(string name)
    {
        if (_form is not null)
        {
            return _form.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;
        }

        return _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(name, out var member) ? TextOf(member) : null;
    }

    /// <summary>The text of an element; null where it is not a string, or not text that UTF-8 can carry.</summary>
    public static string? TextOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate passes the parser, as JSON's grammar allows it, and fails only here.
            return null;
        }
    }

    /// <summary>Parses a body that has members, or could have.</summary>
    /// <exception cref="BadHttpRequestException">400: not JSON, or neither an object nor an array.</exception>
    public static JsonElement ParseMembers(ReadOnlySpan<byte> utf8)
    {
        var preamble = Encoding.UTF8.Preamble;
        if (utf8.StartsWith(preamble))
        {
            utf8 = utf8[preamble.Length..];
        }

        if (!Utf8.IsValid(utf8))
        {
            throw new BadHttpRequestException("The body is not UTF-8.");
        }

        JsonElement json;
        try
        {
            json = JsonElement.Parse(utf8);
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException("The body is not JSON.", exception);
        }

        return json.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? json
            : throw new BadHttpRequestException("The body is neither an object nor an array.");
    }

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="BadHttpRequestException">413: above the limit.</exception>
    public static async ValueTask<byte[]> ReadBytesAsync(HttpContext context, int limit)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            var buffer = result.Buffer;
            if (buffer.Length > limit)
            {
                reader.AdvanceTo(buffer.End);
                throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (result.IsCompleted)
            {
                var bytes = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return bytes;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
