namespace PeerSync.Host.Sockets;

/// <summary>The answer to an upgrade that a dialect refuses.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Message">The body; plain ASCII.</param>
internal sealed record UpgradeRefusal(int StatusCode, string Message);
