using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PeerSync.Host.Http;

namespace PeerSync.Host.Calls;

/// <summary>A request body, and everything that is wrong with it, in the words and the order of the original (Calls contract, section 2).</summary>
internal sealed class CallsInput
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

    private CallsInput()
    {
    }

    /// <summary>What is wrong, empty if nothing is.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Reads the whole body. Other types than JSON and forms count as empty.</summary>
    /// <param name="context">The request.</param>
    /// <param name="known">The members that it may have; each other one is a problem.</param>
    /// <exception cref="BadHttpRequestException">400: not JSON, or neither an object nor an array; 413: above the limit.</exception>
    public static async ValueTask<CallsInput> ReadAsync(HttpContext context, params string[] known)
    {
        var input = new CallsInput();
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
        {
            return input;
        }

        var isJson = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return input;
        }

        var limit = context.RequestServices.GetRequiredService<PeerSyncHttpOptions>().BodyLimit;
        var bytes = await RequestBody.ReadBytesAsync(context, limit);
        if (bytes.Length > 0)
        {
            input.Add(isJson ? RequestBody.ParseMembers(bytes) : FromForm(bytes), known);
        }

        return input;
    }

    /// <summary>A text that has to be there, not empty.</summary>
    /// <param name="name">The member.</param>
    /// <param name="maxLength">The most UTF-16 units.</param>
    /// <param name="words">The only texts that are allowed; none allows all.</param>
    /// <returns>The text; empty where there is a problem with it.</returns>
    public string Required(string name, int maxLength, params string[] words)
    {
        var before = Problems.Count;
        var isText = TryRead(name, out var text) && text is not null;
        if (isText && text!.Length > maxLength)
        {
            Problems.Add($"{name} must be shorter than or equal to {maxLength} characters");
        }

        if (words.Length > 0 && !(isText && words.Contains(text, StringComparer.Ordinal)))
        {
            Problems.Add($"{name} must be one of the following values: {string.Join(", ", words)}");
        }

        // An object is something, only no text.
        if (string.IsNullOrEmpty(text) && (isText || !IsThere(name)))
        {
            Problems.Add($"{name} should not be empty");
        }

        if (!isText)
        {
            Problems.Add($"{name} must be a string");
        }

        return Problems.Count == before ? text! : string.Empty;
    }

    /// <summary>A text that may be missing.</summary>
    /// <param name="name">The member.</param>
    /// <param name="maxLength">The most UTF-16 units.</param>
    public string? Optional(string name, int maxLength)
    {
        if (!IsThere(name))
        {
            return null;
        }

        if (!TryRead(name, out var text))
        {
            Problems.Add($"{name} must be a string");
            return null;
        }

        if (text.Length > maxLength)
        {
            Problems.Add($"{name} must be shorter than or equal to {maxLength} characters");
        }

        return text;
    }

    /// <summary>A whole number that may be missing.</summary>
    /// <param name="name">The member.</param>
    /// <param name="min">The least.</param>
    /// <param name="max">The most.</param>
    public int? Number(string name, int min, int max)
    {
        if (!IsThere(name))
        {
            return null;
        }

        if (!TryRead(name, out var text)
            || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
        {
            Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} must be an integer number from {min} to {max}"));
            return null;
        }

        return number;
    }

    private static JsonElement FromForm(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(bytes)))
            {
                if (values.Count == 1)
                {
                    writer.WriteString(name, values[0]);
                }
                else
                {
                    writer.WriteStartArray(name);
                    writer.WriteEndArray();
                }
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.ToArray());
    }

    private void Add(JsonElement body, string[] known)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in body.EnumerateObject())
        {
            if (known.Contains(member.Name, StringComparer.Ordinal))
            {
                _members[member.Name] = member.Value;
            }
            else
            {
                Problems.Add($"property {member.Name} should not exist");
            }
        }
    }

    private bool IsThere(string name) => _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    // Scalars become texts, as the original makes them; what would become "[object Object]" there is no text here.
    private bool TryRead(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text)
    {
        text = !_members.TryGetValue(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => RequestBody.TextOf(value),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => value.TryGetInt64(out var whole)
                ? whole.ToString(CultureInfo.InvariantCulture)
                : value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => null,
        };
        return text is not null;
    }
}
