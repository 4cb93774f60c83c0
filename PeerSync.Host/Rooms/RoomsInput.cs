using System.Globalization;
using System.Text.Json;
using PeerSync.Host.Http;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>A request body of the Rooms feature: a JSON object whose members go by several names, because the product's clients do.</summary>
internal sealed class RoomsInput
{
    /// <summary>The largest body in bytes.</summary>
    public const int Limit = 1024 * 1024;

    private readonly JsonElement _root;

    private RoomsInput(JsonElement root) => _root = root;

    /// <summary>Reads a whole body. One that is empty or not called JSON has no members.</summary>
    /// <exception cref="BadHttpRequestException">400: not JSON; 413: above the limit.</exception>
    public static async ValueTask<RoomsInput> ReadAsync(HttpContext context)
    {
        var bytes = await RequestBody.ReadBytesAsync(context, Limit);
        return new RoomsInput(bytes.Length == 0 || !context.Request.HasJsonContentType() ? default : RequestBody.ParseMembers(bytes));
    }

    /// <summary>The first of some members that names a user or a room: a valid text, or a number's decimal form; null without one.</summary>
    public string? Name(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var member = Member(name);
            var text = member.ValueKind == JsonValueKind.Number && member.TryGetDecimal(out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : RequestBody.TextOf(member);
            if (RoomsText.IsName(text))
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The first of some members that is a text with content, cut for display; null without one.</summary>
    public string? Label(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (RequestBody.TextOf(Member(name)) is { Length: > 0 } text)
            {
                return RoomsText.Cut(text);
            }
        }

        return null;
    }

    /// <summary>A text of any length; null for a member that is missing or no text.</summary>
    public string? Text(string name) => RequestBody.TextOf(Member(name));

    /// <summary>A whole number; null for a member that is missing or none.</summary>
    public long? Number(string name) => Member(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var number) ? number : null;

    /// <summary>Whether a member is there, and not null.</summary>
    public bool Has(string name) => Member(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private JsonElement Member(string name) => _root.ValueKind == JsonValueKind.Object && _root.TryGetProperty(name, out var member) ? member : default;
}
