using Microsoft.OpenApi;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.OpenApi;

/// <summary>What is particular to one of the OpenAPI documents.</summary>
/// <param name="Name">The name that the framework knows it by.</param>
/// <param name="Specification">The version of OpenAPI that it is written in.</param>
/// <param name="Features">Whose routes it has.</param>
/// <param name="WithShared">Whether it has the routes that all features share.</param>
/// <param name="Info">The title block.</param>
internal sealed record DocumentOutline(string Name, OpenApiSpecVersion Specification, ServerFeatures Features, bool WithShared, OpenApiInfo Info)
{
    /// <summary>All routes that the server serves.</summary>
    public static DocumentOutline Server { get; } = new("server", OpenApiSpecVersion.OpenApi3_1, ServerFeatures.All, WithShared: true, new OpenApiInfo
    {
        Title = "PeerSync",
        Version = typeof(DocumentOutline).Assembly.GetName().Version!.ToString(3),
        Description = "The HTTP routes of all features that this server serves. Most of what they do happens over WebSockets, which their specifications describe.",
    });

    /// <summary>The routes of Sharing alone, with the title block that its clients know.</summary>
    public static DocumentOutline Sharing { get; } = new("sharing", OpenApiSpecVersion.OpenApi3_0, ServerFeatures.Sharing, WithShared: false, new OpenApiInfo
    {
        Title = "Osmynt API Reference",
        Version = "0.0.1",
        Contact = new OpenApiContact { Name = "Osmynt" },
    });

    /// <summary>Whether a route belongs into the document.</summary>
    public bool Has(DescribedRoute route) => route.Feature == ServerFeatures.None ? WithShared : (route.Feature & Features) != 0;
}
