namespace PeerSync.Host.Http;

/// <summary>Which browser origins may read HTTP answers (Peers contract, section 1.2). Sockets are not covered by it.</summary>
/// <param name="Production">Whether the server runs in production, where an empty list allows nobody instead of everybody.</param>
/// <param name="Origins">The allowed origins, compared ordinally as a whole, for example <c>https://app.example</c>; <c>*</c> allows all.</param>
internal sealed record CorsPolicyOptions(bool Production, IReadOnlyList<string> Origins)
{
    /// <summary>Whether HTTP answers carry any cross-origin header.</summary>
    public bool IsEnabled => !Production || Origins.Count > 0;

    /// <summary>Whether an origin may read the answers.</summary>
    /// <param name="origin">The request's <c>Origin</c> header.</param>
    public bool Allows(string origin) => Origins.Count == 0 ? !Production : Origins.Any(allowed => allowed == "*" || allowed == origin);
}
