using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace PeerSync.Tests.Sync;

/// <summary>One recorded HTTP request and its answer.</summary>
internal static class RecordedRequest
{
    /// <summary>Sends the request of a recorded step and compares the answer.</summary>
    /// <param name="http">Where to.</param>
    /// <param name="values">What stands for the names in it.</param>
    /// <param name="step">The step, with <c>request</c> and <c>response</c>.</param>
    /// <param name="where">Where the step is recorded.</param>
    /// <param name="deviation">The status and the JSON that are expected instead of the recorded ones, if any.</param>
    public static async Task ReplayAsync(HttpClient http, RecordedValues values, JsonNode step, string where, (int Status, string Body)? deviation)
    {
        var request = step["request"]!;
        var expected = step["response"]!;
        var method = request["method"]!.GetValue<string>();
        var path = values.Substitute(request["path"]!.GetValue<string>());
        using var message = new HttpRequestMessage(new HttpMethod(method), path) { Content = ContentOf(values, request) };
        foreach (var (header, value) in request["headers"]!.AsObject())
        {
            if (header != "Content-Type")
            {
                Assert.True(message.Headers.TryAddWithoutValidation(header, values.Substitute(value!.GetValue<string>())), header);
            }
        }

        using var response = await http.SendAsync(message);
        var body = await response.Content.ReadAsStringAsync();
        where = $"{where}: {method} {path}: {(int)response.StatusCode} {body}";
        Assert.True((int)response.StatusCode == (deviation?.Status ?? expected["status"]!.GetValue<int>()), where);
        if (deviation is null)
        {
            AssertHeaders(response, expected["headers"]!.AsObject(), where);
        }

        AssertBody(values, deviation is { } other ? JsonNode.Parse(other.Body) : expected["body"], body, where);
    }

    private static ByteArrayContent? ContentOf(RecordedValues values, JsonNode request)
    {
        var text = request["raw_body"]?.GetValue<string>() ?? (request["body"] is { } json ? values.Substitute(json.ToJsonString()) : null);
        if (text is null)
        {
            return null;
        }

        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(RecordedValues.Lengthen(text)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        return content;
    }

    private static void AssertHeaders(HttpResponseMessage response, JsonObject expected, string where)
    {
        foreach (var (header, value) in expected)
        {
            var actual = response.Headers.TryGetValues(header, out var found) || response.Content.Headers.TryGetValues(header, out found)
                ? string.Join(", ", found)
                : null;

            // This server compresses nothing, so its answers do not vary with what a client accepts; with the origin they vary also where it is refused.
            var wanted = value!.GetValue<string>() switch
            {
                "Accept-Encoding" or "Origin, Accept-Encoding" => "Origin",
                var other => other,
            };
            Assert.True(wanted == actual, $"{where}: {header}: {actual}");
        }
    }

    private static void AssertBody(RecordedValues values, JsonNode? expected, string body, string where)
    {
        if (expected is JsonValue text && text.TryGetValue<string>(out var plain))
        {
            Assert.True(body == plain, where);
        }
        else
        {
            values.AssertSame(expected, JsonNode.Parse(body), where);
        }
    }
}
