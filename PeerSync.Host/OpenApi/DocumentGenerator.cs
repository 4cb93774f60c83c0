using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;

namespace PeerSync.Host.OpenApi;

/// <summary>Writes OpenAPI documents with the framework's generator.</summary>
/// <remarks>The generator keeps schemas and descriptions for good. It lives in services of its own here, which end with the document that they were made for.</remarks>
internal static class DocumentGenerator
{
    /// <summary>Writes a document in JSON.</summary>
    /// <param name="outline">What is particular to it.</param>
    /// <param name="routes">What is in it.</param>
    /// <param name="environment">The server's environment, which the generator asks for.</param>
    /// <returns>The document in UTF-8.</returns>
    public static async Task<byte[]> WriteAsync(DocumentOutline outline, IReadOnlyList<DescribedRoute> routes, IHostEnvironment environment)
    {
        var schemas = new SchemaRules();
        var document = new DocumentRules(outline, routes);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(environment);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolver = SchemaRules.CreateResolver();
        });
        services.AddOpenApi(outline.Name, options =>
        {
            options.OpenApiVersion = outline.Specification;
            options.ShouldInclude = static _ => true;
            options.CreateSchemaReferenceId = schemas.NameOf;
            options.AddSchemaTransformer(schemas);
            options.AddOperationTransformer(document);
            options.AddDocumentTransformer(document);
        });

        // The framework's own would look for endpoints.
        services.RemoveAll<IApiDescriptionProvider>();
        services.AddSingleton<IApiDescriptionProvider>(new RouteDescriptionProvider(routes));
        await using var provider = services.BuildServiceProvider();
        var generated = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(outline.Name).GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await generated.SerializeAsJsonAsync(json, outline.Specification);
        return json.ToArray();
    }
}
