namespace PeerSync.Host.Health;

/// <summary>The outcome of all checks.</summary>
/// <param name="IsReady">Whether all of them passed.</param>
/// <param name="Checks">Each check's name with <c>ok</c> or <c>failed</c>, in the order of registration.</param>
internal sealed record ReadinessReport(bool IsReady, OrderedDictionary<string, string> Checks);
