namespace PeerSync.Host.OpenApi;

/// <summary>A parameter of a route's query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type whose schema it has.</param>
/// <param name="Description">What it does, and what holds without it.</param>
/// <param name="IsRequired">Whether the route refuses requests without it.</param>
internal sealed record RouteParameter(string Name, Type Type, string Description, bool IsRequired);
