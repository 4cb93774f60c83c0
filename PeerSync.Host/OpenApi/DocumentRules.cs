using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PeerSync.Host.OpenApi;

/// <summary>Adds what the generator does not take from the descriptions: the title block, how callers prove themselves, and remarks.</summary>
internal sealed class DocumentRules(DocumentOutline outline, IReadOnlyList<DescribedRoute> routes) : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Bearer = "Bearer";
    private const string UserId = "UserId";
    private const string AdminKey = "AdminKey";
    private const string ModeratorKey = "ModeratorKey";

    private static readonly Dictionary<string, OpenApiSecurityScheme> Schemes = new(StringComparer.Ordinal)
    {
        [Bearer] = new() { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
        [UserId] = ApiKey("X-User-ID", "The caller's public key; believed from client addresses that have an authenticated socket of that user"),
        [AdminKey] = ApiKey("X-Admin-API-Key", "The operator's key"),
        [ModeratorKey] = ApiKey("X-Moderator-Key", "The moderators' key, beside a device's token"),
    };

    /// <inheritdoc />
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = outline.Info;
        document.Servers = null;
        document.Security = [Demand(document, Bearer)];
        foreach (var name in routes.SelectMany(static route => DemandsOf(route.Description.Access)).SelectMany(static names => names).Append(Bearer).Distinct())
        {
            document.AddComponent(name, Schemes[name]);
        }

        foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
        {
            TakeNullFromOptionalMembers(schema);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var said = ((DescribedRoute)context.Description.Properties[typeof(DescribedRoute)]).Description;
        operation.Description = said.Remarks;
        foreach (var parameter in said.Query)
        {
            operation.Parameters!.Single(declared => declared.Name == parameter.Name).Description = parameter.Description;
        }

        // Without an entry the document's own holds, which demands a bearer token.
        if (said.Access != RouteAccess.Bearer)
        {
            operation.Security = [.. DemandsOf(said.Access).Select(names => Demand(context.Document!, names))];
        }

        return Task.CompletedTask;
    }

    // The generator adds null beside a reference to another schema where the type's member may be null, after the rules for schemas have run.
    private static void TakeNullFromOptionalMembers(OpenApiSchema schema)
    {
        foreach (var (name, member) in schema.Properties?.ToArray() ?? [])
        {
            if (schema.Required?.Contains(name) != true && member is OpenApiSchema { OneOf: [{ Type: JsonSchemaType.Null }, OpenApiSchemaReference reference] })
            {
                schema.Properties![name] = reference;
            }
        }
    }

    // Each entry is a way in; all of its names are needed for it, and none for an empty one.
    private static string[][] DemandsOf(RouteAccess access) => access switch
    {
        RouteAccess.Bearer => [[Bearer]],
        RouteAccess.OptionalBearer => [[], [Bearer]],
        RouteAccess.Named => [[Bearer], [UserId]],
        RouteAccess.AdminKey => [[AdminKey], [Bearer]],
        RouteAccess.Moderator => [[Bearer], [Bearer, ModeratorKey]],
        _ => [],
    };

    private static OpenApiSecurityRequirement Demand(OpenApiDocument document, params string[] names)
    {
        var requirement = new OpenApiSecurityRequirement();
        foreach (var name in names)
        {
            requirement[new OpenApiSecuritySchemeReference(name, document)] = [];
        }

        return requirement;
    }

    private static OpenApiSecurityScheme ApiKey(string header, string description) => new()
    {
        Type = SecuritySchemeType.ApiKey,
        In = ParameterLocation.Header,
        Name = header,
        Description = description,
    };
}
