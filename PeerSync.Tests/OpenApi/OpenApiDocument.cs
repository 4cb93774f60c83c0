using System.Text.Json.Nodes;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.OpenApi;

/// <summary>An OpenAPI document as a server serves it.</summary>
internal sealed class OpenApiDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private OpenApiDocument(JsonObject root) => Root = root;

    internal JsonObject Root { get; }

    /// <summary>All operations: method in upper case, path, and what is said of them.</summary>
    internal IEnumerable<(string Method, string Path, JsonObject Operation)> Operations =>
        from path in Root["paths"]!.AsObject()
        from entry in path.Value!.AsObject()
        where Methods.Contains(entry.Key)
        select (entry.Key.ToUpperInvariant(), path.Key, entry.Value!.AsObject());

    internal static async Task<OpenApiDocument> GetAsync(PeerSyncTestHost host, string path)
    {
        using var answer = await host.Http.GetAsync(path, PeerSyncTestHost.Cancel);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return new OpenApiDocument(JsonNode.Parse(await answer.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel))!.AsObject());
    }

    /// <summary>Where a reference leads; null for nowhere.</summary>
    internal JsonNode? Resolve(string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate<string, JsonNode?>(Root, static (node, name) => node?[name.Replace("~1", "/", StringComparison.Ordinal)]);
    }

    /// <summary>All references, with repetitions.</summary>
    internal IEnumerable<string> References() => References(Root);

    /// <summary>The media type of an answer's body, without parameters, and its schema; null where it has none.</summary>
    internal (string? ContentType, JsonNode? Schema) BodyOf(string operationId, int status)
    {
        var operation = Operations.Single(candidate => (string?)candidate.Operation["operationId"] == operationId).Operation;
        var answer = operation["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Assert.True(answer is not null, $"{operationId} is not described with the status {status}.");
        return answer["content"]?.AsObject().Single() is { } content ? (content.Key.Split(';')[0], content.Value!["schema"]) : (null, null);
    }

    /// <summary>What is wrong with a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">The schema that it should have.</param>
    /// <param name="at">Where it stands.</param>
    internal IEnumerable<string> Check(JsonNode? value, JsonNode schema, string at = "$")
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Check(value, Resolve(reference)!, at);
        }

        if (schema["oneOf"] is JsonArray ways)
        {
            return ways.Any(way => !Check(value, way!, at).Any()) ? [] : [$"{at}: none of the forms fits {value?.ToJsonString()}"];
        }

        // OpenAPI 3.0 has a word of its own for what 3.1 says as a type.
        if (value is null && (bool?)schema["nullable"] == true)
        {
            return [];
        }

        string[] types = schema["type"] switch
        {
            null => [],
            JsonArray several => [.. several.Select(static type => (string)type!)],
            var one => [(string)one!],
        };
        if (types.Length > 0 && !types.Any(type => IsOf(value, type)))
        {
            return [$"{at}: {value?.ToJsonString() ?? "null"} is no {string.Join(" or ", types)}"];
        }

        return value switch
        {
            JsonObject members => CheckMembers(members, schema, at),
            JsonArray items when schema["items"] is { } of => items.SelectMany((item, index) => Check(item, of, $"{at}[{index}]")),
            _ => [],
        };
    }

    private static bool IsOf(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "integer" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number && long.TryParse(value.ToJsonString(), out _),
        _ => false,
    };

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member =>
            member.Key == "$ref" && member.Value is JsonValue reference ? [(string)reference!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    // Members that are not described are faults too: an answer that grows is described anew.
    private IEnumerable<string> CheckMembers(JsonObject members, JsonNode schema, string at)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(static name => (string)name!).Where(name => !members.ContainsKey(name)))
        {
            yield return $"{at}.{name} is missing";
        }

        foreach (var (name, value) in members)
        {
            var of = schema["properties"]?[name] ?? schema["additionalProperties"];
            if (of is null && schema["properties"] is not null)
            {
                yield return $"{at}.{name} is not described";
            }
            else if (of is JsonObject)
            {
                foreach (var fault in Check(value, of, $"{at}.{name}"))
                {
                    yield return fault;
                }
            }
        }
    }
}
