namespace PeerSync.Host.OpenApi;

/// <summary>One of a route's answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Type">The type whose schema the body has; null for an answer without a body.</param>
/// <param name="ContentType">The body's media type.</param>
internal sealed record RouteAnswer(int Status, string Description, Type? Type, string ContentType);
