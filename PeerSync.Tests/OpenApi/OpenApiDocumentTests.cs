using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using PeerSync.Host.Configuration;
using PeerSync.Host.OpenApi;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.OpenApi;

public sealed class OpenApiDocumentTests
{
    private const string ServerPath = "/openapi.json";
    private const string SharingPath = "/osmynt-api-engine/doc";

    // Of Osmynt's own document.
    private static readonly string[] OperationIds =
    [
        "keysRegister", "keysMe", "keysTeamDefault", "keysTeamById", "pairingInit", "pairingClaim", "deviceRemove", "deviceForceRemove", "codeShareShare",
        "codeShareListTeam", "codeShareGetById", "codeShareAddWrappedKeys", "codeShareListTeamByAuthor", "codeShareListDmWith", "teamsMe", "teamsInvite",
        "teamsAccept", "teamsRemoveTeamMember",
    ];

    private static readonly string[] SchemaNames =
        ["HealthCheckSchema", "KeysRegisterSchema", "DeviceKeySummary", "CodeShareSchema", "ListTeamRecentSchema", "CodeShareListItem", "UserPublic"];

    [Fact]
    public async Task EveryEndpointIsDescribedOrLeftOutOnPurpose()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var undecided = host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<DescribedOperation>() is null
                && endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true)
            .Select(static endpoint => endpoint.DisplayName);
        Assert.Empty(undecided);
    }

    [Fact]
    public async Task TheDocumentHasEveryDescribedRouteAndNoOther()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var document = await OpenApiDocument.GetAsync(host, ServerPath);
        var mapped = DescribedRoute.Read(host.Get<EndpointDataSource>().Endpoints, ServerFeatures.All).Select(static route => $"{route.Method} {route.Path}");
        Assert.Equal(mapped.Order(), document.Operations.Select(static entry => $"{entry.Method} {entry.Path}").Order());
        Assert.Contains("GET /api/rooms/{id}", mapped);
        Assert.Contains("DELETE /api/devices/{id}", mapped);
        Assert.Contains("GET /reports/{id}", mapped);
        Assert.Contains("POST /api/v1/network/join", mapped);
    }

    // A route that answers 404 to its own method and path is described where it is not.
    [Fact]
    public async Task EveryDescribedRouteIsServed()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.enabled = off");
        var document = await OpenApiDocument.GetAsync(host, ServerPath);
        foreach (var (method, path, _) in document.Operations)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal));
            using var answer = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
            var text = await answer.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
            Assert.DoesNotContain("\"Cannot " + method, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ServerPath)]
    [InlineData(SharingPath)]
    public async Task TheDocumentIsWhole(string path)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var document = await OpenApiDocument.GetAsync(host, path);
        Assert.NotEmpty((string?)document.Root["info"]!["title"] ?? string.Empty);
        Assert.NotEmpty((string?)document.Root["info"]!["version"] ?? string.Empty);
        Assert.Equal("http", (string?)document.Root["components"]!["securitySchemes"]!["Bearer"]!["type"]);
        Assert.Equal("""[{"Bearer":[]}]""", document.Root["security"]!.ToJsonString());
        foreach (var reference in document.References())
        {
            Assert.True(document.Resolve(reference) is not null, reference);
        }

        var names = document.Operations.Select(static entry => (string)entry.Operation["operationId"]!).ToArray();
        Assert.Equal(names.Distinct(StringComparer.Ordinal).Count(), names.Length);
        foreach (var (method, route, operation) in document.Operations)
        {
            CheckOperation(document, $"{method} {route}", route, operation);
        }
    }

    [Fact]
    public async Task SharingHasTheTitleBlockOfItsClients()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var document = await OpenApiDocument.GetAsync(host, SharingPath);
        Assert.StartsWith("3.0.", (string?)document.Root["openapi"], StringComparison.Ordinal);
        Assert.Equal("""{"title":"Osmynt API Reference","contact":{"name":"Osmynt"},"version":"0.0.1"}""", document.Root["info"]!.ToJsonString());

        // What only OpenAPI 3.1 has.
        Assert.DoesNotContain(document.Root.ToJsonString(), "\"type\":[", StringComparison.Ordinal);
        Assert.All(document.Operations, static entry => Assert.StartsWith("/osmynt-api-engine", entry.Path, StringComparison.Ordinal));
        var names = document.Operations.Select(static entry => (string)entry.Operation["operationId"]!).ToArray();
        Assert.All(OperationIds, name => Assert.Contains(name, names));
        Assert.All(SchemaNames, name => Assert.NotNull(document.Root["components"]!["schemas"]![name]));
    }

    [Fact]
    public async Task WhoHasTheDocumentIsToldSo()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        using var first = await host.Http.GetAsync(ServerPath, PeerSyncTestHost.Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, ServerPath);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(PeerSyncTestHost.Cancel));
    }

    [Fact]
    public async Task FeaturesThatAreNotServedAreNotInIt()
    {
        await using var host = await PeerSyncTestHost.StartAsync("""peersync.listeners = [{ url = "http://127.0.0.1:0", features = [rooms] }]""");
        var document = await OpenApiDocument.GetAsync(host, ServerPath);
        var tags = document.Operations.Select(static entry => (string)entry.Operation["tags"]![0]!).Distinct().Order();
        Assert.Equal(["Health", "Rooms"], tags.Where(static tag => tag != "Peers"));
        Assert.Contains(document.Operations, static entry => entry is { Method: "POST", Path: "/api/auth/token" });
        using var sharing = await host.Http.GetAsync(SharingPath, PeerSyncTestHost.Cancel);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, sharing.StatusCode);
    }

    private static void CheckOperation(OpenApiDocument document, string name, string path, JsonObject operation)
    {
        Assert.True(operation["summary"] is not null, name);
        Assert.True(operation["responses"]!.AsObject().Any(static answer => answer.Key.StartsWith('2')), name);
        Assert.All(operation["responses"]!.AsObject(), answer => Assert.False(string.IsNullOrEmpty((string?)answer.Value!["description"]), name));

        // Braces, each with a parameter of its own, and no other parameter of the path.
        Assert.DoesNotContain(':', path);
        var inPath = path.Split('/').Where(static segment => segment.StartsWith('{')).Select(static segment => segment.Trim('{', '}')).ToArray();
        var declared = (operation["parameters"] as JsonArray ?? []).Where(static parameter => (string?)parameter!["in"] == "path").ToArray();
        Assert.Equal(inPath.Order(), declared.Select(static parameter => (string)parameter!["name"]!).Order());
        Assert.All(declared, parameter => Assert.True((bool?)parameter!["required"], name));
        foreach (var demand in operation["security"] as JsonArray ?? [])
        {
            Assert.All(demand!.AsObject(), scheme => Assert.NotNull(document.Root["components"]!["securitySchemes"]![scheme.Key]));
        }
    }
}
