using System.Text.Json.Nodes;

namespace PeerSync.Tests.Rooms;

/// <summary>An answer over HTTP.</summary>
internal sealed record RoomsHttpAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    internal JsonNode Json => JsonNode.Parse(Text)!;

    internal JsonNode? this[string member] => Json[member];

    internal string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>It has this status, and as JSON this body but for the time.</summary>
    internal void Expect(int status, string json)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status} {Text}");
        Assert.Equal("application/json; charset=utf-8", Header("Content-Type"));
        var body = Json;
        if (body is JsonObject members)
        {
            members.Remove("timestamp");
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), body), $"Expected {json}, got {Text}");
    }

    /// <summary>It has this status.</summary>
    internal RoomsHttpAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status} {Text}");
        return this;
    }
}
