using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>A request body: JSON, or a form whose fields count as texts; any other type and an empty body have no members.</summary>
internal sealed class SyncBody
{
    /// <summary>The largest body in bytes.</summary>
    public const int Limit = 10 * 1024 * 1024;

    private static readonly byte[] NoMembers = "{}"u8.ToArray();

    private readonly JsonElement _root;

    private SyncBody(byte[] utf8)
    {
        Utf8 = utf8;
        _root = RequestBody.ParseMembers(utf8);
    }

    /// <summary>The whole body as it was sent, in JSON.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="BadHttpRequestException">400: not JSON, or neither an object nor an array; 413: above the limit.</exception>
    public static async ValueTask<SyncBody> ReadAsync(HttpContext context)
    {
        var isJson = false;
        var isForm = false;
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var contentType))
        {
            isJson = contentType.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
            isForm = contentType.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        }

        var bytes = isJson || isForm ? await RequestBody.ReadBytesAsync(context, Limit) : [];
        return new SyncBody(bytes.Length == 0 ? NoMembers : isJson ? bytes : ToJson(bytes));
    }

    /// <summary>A member, or an undefined element where there is none.</summary>
    public JsonElement Member(string name) => Member(_root, name);

    /// <summary>The text of a member; null where it is missing, no text, or not text that UTF-8 can carry.</summary>
    public string? Text(string name) => Text(_root, name);

    /// <summary>A member of an element, or an undefined element where there is none.</summary>
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    /// <summary>The text of an element's member, as <see cref="Text(string)"/>.</summary>
    public static string? Text(JsonElement element, string name) => TextOf(Member(element, name));

    /// <summary>The text of an element, as <see cref="Text(string)"/>.</summary>
    public static string? TextOf(JsonElement element) => RequestBody.TextOf(element);

    private static byte[] ToJson(byte[] form)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(form)))
            {
                writer.WriteString(name, values.Count == 1 ? values[0] : string.Empty);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
