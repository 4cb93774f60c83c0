namespace PeerSync.Protocol.Calls;

/// <summary>The argument of <c>send-offer</c>, <c>send-answer</c> and <c>send-candidate</c>.</summary>
/// <param name="SessionId">1 to 100 characters.</param>
/// <param name="Data">Where in the argument's bytes the object stands that the partner gets, unchanged.</param>
public sealed record CallsSignal(string SessionId, Range Data);
