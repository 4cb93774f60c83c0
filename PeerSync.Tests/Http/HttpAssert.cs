using System.Net;
using System.Text.Json.Nodes;

namespace PeerSync.Tests.Http;

/// <summary>What tests of HTTP answers assert.</summary>
internal static class HttpAssert
{
    /// <summary>The answer has this status and exactly this JSON.</summary>
    public static async Task JsonAsync(HttpResponseMessage response, HttpStatusCode status, string expectedJson)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"Expected {status}, got {response.StatusCode}: {body}");
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expectedJson), JsonNode.Parse(body)), $"Expected {expectedJson}, got {body}");
    }

    public static Task NoRouteAsync(HttpResponseMessage response, string method, string path) =>
        JsonAsync(response, HttpStatusCode.NotFound, $$"""{"message":"Cannot {{method}} {{path}}","error":"Not Found","statusCode":404}""");
}
