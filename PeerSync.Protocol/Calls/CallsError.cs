namespace PeerSync.Protocol.Calls;

/// <summary>What a client of the Calls feature is told when something was not done: the original's text, and a code for programs (docs/spec/calls.md, errors).</summary>
/// <param name="Code">Stable, in upper case.</param>
/// <param name="Message">As the original words it (Calls contract, section 5).</param>
/// <param name="IsException">Whether it goes out as <c>exception</c>, as broken rules and faults do, and not as <c>error</c>.</param>
public sealed record CallsError(string Code, string Message, bool IsException = false)
{
    /// <summary>The socket has not authenticated.</summary>
    public static CallsError AuthenticationRequired { get; } = new("AUTHENTICATION_REQUIRED", "Authentication required");

    /// <summary>Too many joins within a minute.</summary>
    public static CallsError RateLimited { get; } = new("RATE_LIMITED", "Rate limit exceeded. Please wait.");

    /// <summary>Too many events of whatever kind.</summary>
    public static CallsError TooManyEvents { get; } = new("TOO_MANY_EVENTS", "Too many events. Please slow down.");

    /// <summary>The device may not be matched: it was banned or reported too often.</summary>
    public static CallsError QueueRefused { get; } = new("QUEUE_REFUSED", "You are currently not allowed to join the queue.");

    /// <summary>No such session, or one of others.</summary>
    public static CallsError SessionNotFound { get; } = new("SESSION_NOT_FOUND", "Session not found");

    /// <summary>The session has no other side.</summary>
    public static CallsError PeerNotFound { get; } = new("PEER_NOT_FOUND", "Peer not found");

    /// <summary>An offer could not be passed on.</summary>
    public static CallsError OfferFailed { get; } = new("OFFER_FAILED", "Failed to send offer");

    /// <summary>A signal is longer than <see cref="CallsReader.MaxDescriptionLength"/> or <see cref="CallsReader.MaxCandidateLength"/>.</summary>
    public static CallsError SignalTooLarge { get; } = new("SIGNAL_TOO_LARGE", "Signal too large");

    /// <summary>A fault of the server.</summary>
    public static CallsError Internal { get; } = new("INTERNAL", "Internal server error", IsException: true);

    /// <summary>The event that tells it.</summary>
    public string EventName => IsException ? CallsEventNames.Exception : CallsEventNames.Error;

    /// <summary>An argument that broke rules.</summary>
    /// <param name="rules">The rules, as the original lists them.</param>
    public static CallsError Validation(string rules) => new("VALIDATION_FAILED", "Validation failed: " + rules, IsException: true);
}
