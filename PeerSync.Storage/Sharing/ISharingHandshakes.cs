namespace PeerSync.Storage.Sharing;

/// <summary>
/// Logins through the browser. One waits for the provider's answer, is exchanged by exactly one caller, waits for the word of whoever sits at the browser if it
/// must, and is taken once.
/// </summary>
/// <remarks>Thread-safe; faults are those of <see cref="ISharingAccounts"/>. After its time a handshake does nothing any more.</remarks>
public interface ISharingHandshakes
{
    /// <summary>Begins one.</summary>
    /// <param name="handshake">Its id, of 16 to 64 characters that nobody has used, and what belongs to it.</param>
    /// <param name="lifetime">How long it has in all.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ConstraintViolationException">The id is taken.</exception>
    Task CreateAsync(SharingHandshake handshake, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>One that waits for the provider's answer; null where there is none.</summary>
    Task<SharingHandshake?> FindWaitingAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes one that waits, so that nobody else exchanges it; null where there is none.</summary>
    Task<SharingHandshake?> BeginExchangeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lets one wait again whose exchange has failed.</summary>
    Task AbandonExchangeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lets one that is being exchanged wait for the word of whoever sits at the browser.</summary>
    /// <param name="id">Which.</param>
    /// <param name="confirmation">What the browser shows to confirm; only its hash is kept.</param>
    /// <param name="found">What the exchange has found, a text for the caller.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether it is there still.</returns>
    Task<bool> AskConfirmationAsync(string id, string confirmation, string found, CancellationToken cancellationToken);

    /// <summary>Takes one that waits for confirmation: it is being exchanged again, and the confirmation is of no further use.</summary>
    /// <returns>The handshake and what the exchange had found; null where the confirmation is not its own.</returns>
    Task<(SharingHandshake Handshake, string Found)?> ConfirmAsync(string id, string confirmation, CancellationToken cancellationToken);

    /// <summary>Gives one that is being exchanged its result.</summary>
    /// <returns>Whether it is there still.</returns>
    Task<bool> CompleteAsync(string id, string result, CancellationToken cancellationToken);

    /// <summary>Takes the result of one: exactly one caller gets it, and with that it is gone.</summary>
    Task<SharingHandshakeResult> TakeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ends one, whatever its state.</summary>
    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes those whose time has long been over, one batch in one transaction. For a while they can still be told from unknown ones.</summary>
    /// <param name="batch">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken);
}

/// <summary>A login through the browser.</summary>
/// <param name="Id">Names it.</param>
/// <param name="ClientKey">For whom the result is sealed, as the client has sent it; null where the result goes to the browser itself.</param>
/// <param name="Verifier">The secret of PKCE (RFC 7636).</param>
public sealed record SharingHandshake(string Id, string? ClientKey, string Verifier);

/// <summary>What taking a result came to.</summary>
public enum SharingHandshakeOutcome
{
    /// <summary>There is none of that name.</summary>
    Unknown,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It has no result yet.</summary>
    NotReady,

    /// <summary>The result has been taken.</summary>
    Ready,
}

/// <summary>What taking a result came to, and the result.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Result">The result; null unless it was ready.</param>
public readonly record struct SharingHandshakeResult(SharingHandshakeOutcome Outcome, string? Result);
