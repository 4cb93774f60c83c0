using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Sharing;

namespace PeerSync.Host.OpenApi;

/// <summary>Serves the OpenAPI documents and the page that shows one of them.</summary>
internal static class OpenApiEndpoints
{
    private const string DocumentPath = "/doc";
    private const string PagePath = "/reference";
    private const string ScriptPath = PagePath + "/" + ReferenceScript.FileName;

    /// <summary>Maps <c>/openapi.json</c> and, where Sharing is served, its own document with the reference page. What is mapped later is in them too.</summary>
    public static void MapOpenApi(this IEndpointRouteBuilder routes, PeerSyncOptions options)
    {
        var environment = routes.ServiceProvider.GetRequiredService<IHostEnvironment>();
        var server = Document(DocumentOutline.Server);
        routes.MapRead("/openapi.json", server.WriteAsync).ExcludeFromDescription();
        if (!options.Serves(ServerFeatures.Sharing))
        {
            return;
        }

        var own = new SharingRoutes(routes);
        var sharing = Document(DocumentOutline.Sharing);
        own.Open(HttpMethods.Get, DocumentPath, sharing.WriteAsync).ExcludeFromDescription();
        own.Open(HttpMethods.Get, PagePath, WritePageAsync).ExcludeFromDescription();
        own.Open(HttpMethods.Get, ScriptPath, ReferenceScript.WriteAsync, SharingLimit.None).ExcludeFromDescription();

        Task WritePageAsync(HttpContext context) => ReferencePage.WriteAsync(
            context,
            SharingRoute.BasePath + DocumentPath,
            SharingRoute.BasePath + ScriptPath,
            DocumentOutline.Sharing,
            Read(DocumentOutline.Sharing));

        ServedDocument Document(DocumentOutline outline) => new(() => DocumentGenerator.WriteAsync(outline, Read(outline), environment));

        IReadOnlyList<DescribedRoute> Read(DocumentOutline outline)
        {
            var served = options.Listeners.Aggregate(ServerFeatures.None, static (all, listener) => all | listener.Features);
            return [.. DescribedRoute.Read(routes.DataSources.SelectMany(static source => source.Endpoints), served).Where(outline.Has)];
        }
    }
}
