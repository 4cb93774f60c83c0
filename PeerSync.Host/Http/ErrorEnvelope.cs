namespace PeerSync.Host.Http;

/// <summary>The body of an error answer (Peers contract, section 1.1).</summary>
/// <param name="Message">A readable sentence: clients show it to their users.</param>
/// <param name="Error">The status in words, for example <c>Not Found</c>.</param>
/// <param name="StatusCode">The HTTP status.</param>
internal sealed record ErrorEnvelope(string Message, string Error, int StatusCode);

/// <summary>The shorter body of the two errors that arise outside any route: too large, and unhandled.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Message">A readable sentence.</param>
internal sealed record BareErrorEnvelope(int StatusCode, string Message);
