using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>What the HTTP routes of the Calls feature tell the live devices and calls, and ask them.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ICallsLive
{
    /// <summary>The last lines of a call's chat, as far as they are still known.</summary>
    /// <param name="sessionId">The call.</param>
    /// <param name="deviceId">Who asks; a device that is not in the call is told nothing.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null where there is no such call any more, or the device is not in it.</returns>
    Task<CallsEvidence?> FindEvidenceAsync(string sessionId, string deviceId, CancellationToken cancellationToken);

    /// <summary>A device has blocked another one: the two are not matched from now on.</summary>
    void Blocked(string blocker, string blocked);

    /// <summary>A device has taken a block back.</summary>
    void Unblocked(string blocker, string blocked);

    /// <summary>A device is banned: its sockets are to be closed.</summary>
    void Banned(string deviceId);
}

/// <summary>The end of a call's chat.</summary>
/// <param name="Partner">The other device of the call.</param>
/// <param name="Lines">What both wrote last, oldest first, at most <see cref="NewCallsReport.MaxEvidence"/> lines.</param>
public sealed record CallsEvidence(string Partner, IReadOnlyList<CallsEvidenceLine> Lines);
