namespace PeerSync.Protocol.Calls;

/// <summary>The argument of <c>send-message</c>.</summary>
/// <param name="SessionId">1 to 100 characters.</param>
/// <param name="Message">1 to 2000 characters, sanitised.</param>
/// <param name="Sender">At most 50 characters, sanitised; null when absent.</param>
/// <param name="Timestamp">The sender's, of whatever unit it likes; finite.</param>
public sealed record CallsMessage(string SessionId, string Message, string? Sender, double Timestamp);
