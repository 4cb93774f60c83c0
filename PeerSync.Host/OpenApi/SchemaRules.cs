using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PeerSync.Host.Sync;

namespace PeerSync.Host.OpenApi;

/// <summary>How the described types become schemas.</summary>
/// <remarks>
/// A member that may be null is left out of the JSON where it is null, unless it is marked as always there. So is everything that the server writes; the
/// generator, left alone, would call each member of a record required.
/// </remarks>
internal sealed class SchemaRules : IOpenApiSchemaTransformer
{
    private readonly Dictionary<string, Type> _names = new(StringComparer.Ordinal);

    /// <summary>Finds the types' members. No JSON is read or written with it: it is only asked for names and types.</summary>
    public static IJsonTypeInfoResolver CreateResolver() => new DefaultJsonTypeInfoResolver { Modifiers = { SpellAsWritten } };

    /// <summary>The name of a type's schema; null for types whose schema stands where it is used.</summary>
    /// <exception cref="InvalidOperationException">Another type has the same name.</exception>
    public string? NameOf(JsonTypeInfo type)
    {
        var own = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        var name = own == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        if (name is not null && !_names.TryAdd(name, own) && _names[name] != own)
        {
            throw new InvalidOperationException($"Two types are called {name}: {_names[name].FullName} and {own.FullName}.");
        }

        return name;
    }

    /// <inheritdoc />
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
        {
            var members = context.JsonTypeInfo.Properties;
            schema.Required = members.Where(IsAlwaysThere).Select(static property => property.Name).ToHashSet(StringComparer.Ordinal);
            if (members.FirstOrDefault(static property => property.IsExtensionData) is { } others)
            {
                schema.Properties.Remove(others.Name);
                schema.AdditionalProperties = new OpenApiSchema();
            }
        }

        if (context.JsonPropertyInfo is { } member && !IsMarked(member))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        !property.IsExtensionData && (IsMarked(property) || (!property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null));

    private static bool IsMarked(JsonPropertyInfo property) =>
        property.AttributeProvider is MemberInfo member && member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Never };

    private static void SpellAsWritten(JsonTypeInfo type)
    {
        if (!SyncDescriptions.InSnakeCase.Contains(type.Type))
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider is MemberInfo member && !member.IsDefined(typeof(JsonPropertyNameAttribute)))
            {
                property.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
            }
        }
    }
}
