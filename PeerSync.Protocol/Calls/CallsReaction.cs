namespace PeerSync.Protocol.Calls;

/// <summary>The argument of <c>send-reaction</c>.</summary>
/// <param name="SessionId">1 to 100 characters.</param>
/// <param name="Emoji">One to four emoji.</param>
/// <param name="Timestamp">The sender's, of whatever unit it likes; finite.</param>
public sealed record CallsReaction(string SessionId, string Emoji, double Timestamp);
