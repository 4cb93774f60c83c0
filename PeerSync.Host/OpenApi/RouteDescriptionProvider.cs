using System.Net.Mime;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace PeerSync.Host.OpenApi;

/// <summary>
/// Tells the framework's generator of the server's routes. The framework itself finds only endpoints that are methods with typed parameters; ours
/// take requests as they are.
/// </summary>
internal sealed class RouteDescriptionProvider(IReadOnlyList<DescribedRoute> routes) : IApiDescriptionProvider
{
    private static readonly EmptyModelMetadataProvider Types = new();

    /// <inheritdoc />
    public int Order => 0;

    /// <inheritdoc />
    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var route in routes)
        {
            context.Results.Add(Describe(route));
        }
    }

    /// <inheritdoc />
    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        // All is said already.
    }

    private static ApiParameterDescription Parameter(string name, BindingSource source, Type type, bool isRequired) => new()
    {
        Name = name,
        Source = source,
        Type = type,
        IsRequired = isRequired,

        // The generator looks there for enumerations.
        ModelMetadata = Types.GetMetadataForType(type),
    };

    private static ApiDescription Describe(DescribedRoute route)
    {
        var said = route.Description;
        var description = new ApiDescription
        {
            HttpMethod = route.Method,
            RelativePath = route.Path[1..],
            ActionDescriptor = new ActionDescriptor
            {
                DisplayName = $"{route.Method} {route.Path}",
                EndpointMetadata = [new TagsAttribute(said.Tag), new EndpointNameAttribute(said.OperationId), new EndpointSummaryAttribute(said.Summary)],
            },
        };
        description.Properties[typeof(DescribedRoute)] = route;
        foreach (var name in route.Parameters)
        {
            description.ParameterDescriptions.Add(Parameter(name, BindingSource.Path, typeof(string), isRequired: true));
        }

        foreach (var parameter in said.Query)
        {
            description.ParameterDescriptions.Add(Parameter(parameter.Name, BindingSource.Query, parameter.Type, parameter.IsRequired));
        }

        if (said.Body is { } body)
        {
            description.ParameterDescriptions.Add(Parameter("body", BindingSource.Body, body, said.IsBodyRequired));
            description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = MediaTypeNames.Application.Json });
        }

        foreach (var answer in said.Responses.OrderBy(static answer => answer.Status))
        {
            description.SupportedResponseTypes.Add(new ApiResponseType
            {
                StatusCode = answer.Status,
                Description = answer.Description,
                Type = answer.Type ?? typeof(void),
                ApiResponseFormats = answer.Type is null ? [] : [new ApiResponseFormat { MediaType = answer.ContentType }],
            });
        }

        return description;
    }
}
