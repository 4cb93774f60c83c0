namespace PeerSync.Protocol.Calls;

/// <summary>The argument of <c>end-call</c>.</summary>
/// <param name="SessionId">1 to 100 characters.</param>
/// <param name="WasSkipped">Whether the partner was skipped.</param>
public sealed record EndCall(string SessionId, bool WasSkipped);
