using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using PeerSync.Host.Http;

namespace PeerSync.Host.Calls;

/// <summary>Writes the answers of the Calls feature's routes (Calls contract, sections 2 and 3).</summary>
internal static class CallsAnswer
{
    /// <summary>Writes an object.</summary>
    public static Task WriteObjectAsync(HttpContext context, int statusCode, Action<Utf8JsonWriter> members) =>
        WriteAsync(context, statusCode, writer =>
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        });

    /// <summary>Writes any value.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, Action<Utf8JsonWriter> value)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body))
        {
            value(writer);
        }

        return JsonAnswer.WriteUtf8Async(context, statusCode, body.WrittenMemory);
    }

    /// <summary>400 with all that is wrong with the body.</summary>
    public static Task WriteProblemsAsync(HttpContext context, IReadOnlyList<string> problems) =>
        WriteObjectAsync(context, StatusCodes.Status400BadRequest, writer =>
        {
            writer.WriteStartArray("message"u8);
            foreach (var problem in problems)
            {
                writer.WriteStringValue(problem);
            }

            writer.WriteEndArray();
            writer.WriteString("error"u8, ReasonPhrases.GetReasonPhrase(StatusCodes.Status400BadRequest));
            writer.WriteNumber("statusCode"u8, StatusCodes.Status400BadRequest);
        });

    /// <summary>What blocking and unblocking answer.</summary>
    public static Task WriteDoneAsync(HttpContext context, int statusCode, string? message = null) =>
        WriteObjectAsync(context, statusCode, writer =>
        {
            writer.WriteBoolean("success"u8, true);
            if (message is not null)
            {
                writer.WriteString("message"u8, message);
            }
        });

    /// <summary>A time as JavaScript writes it.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
