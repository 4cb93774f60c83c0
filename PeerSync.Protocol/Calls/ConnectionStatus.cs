namespace PeerSync.Protocol.Calls;

/// <summary>The argument of <c>connection-status</c>.</summary>
/// <param name="SessionId">1 to 100 characters.</param>
/// <param name="IsConnected">Whether the direct connection came about.</param>
/// <param name="ConnectionTime">How long that took, in milliseconds; null when absent.</param>
public sealed record ConnectionStatus(string SessionId, bool IsConnected, double? ConnectionTime);
