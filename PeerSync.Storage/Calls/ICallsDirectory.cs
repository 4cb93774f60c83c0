namespace PeerSync.Storage.Calls;

/// <summary>Devices, blocks, bans, reports and strikes of the Calls feature (Calls contract, sections 3.6 to 3.8 and 7).</summary>
/// <remarks>
/// Thread-safe. A write has been committed durably when its task completes; each method is one transaction, its audit entries included. Every method throws
/// <see cref="StorageUnavailableException"/> when the database fails, <see cref="OperationCanceledException"/> when cancelled, and
/// <see cref="ArgumentException"/> for a device id that is empty, longer than <see cref="CallsDevice.MaxIdLength"/> or not storable as it is.
/// </remarks>
public interface ICallsDirectory
{
    /// <summary>Notes that a device was seen now; writes its row if it has none.</summary>
    Task<CallsDevice> EnsureDeviceAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>A device, or null where it has no row.</summary>
    Task<CallsDevice?> FindDeviceAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>All that decides what a device may do, in one read. A device without a row has the standing of a new one.</summary>
    Task<CallsStanding> GetStandingAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>Gives a device a role; writes its row if it has none.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="role">The role that it has from now on.</param>
    /// <param name="by">Who does it, for the audit log; null for the operator.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<CallsDevice> SetRoleAsync(string deviceId, CallsRole role, string? by, CancellationToken cancellationToken);

    /// <summary>The devices that are more than users, by their ids.</summary>
    Task<IReadOnlyList<CallsDevice>> ListModeratorsAsync(CancellationToken cancellationToken);

    /// <summary>Counts a call that has ended, for one of its sides, and rates the device anew (section 6.6). A device without a row is left alone.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="duration">How long the call was, not negative.</param>
    /// <param name="skipped">Whether this device skipped the other one; the one that was skipped is not blamed.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The rating, 0 to 100.</returns>
    Task<int> RecordCallAsync(string deviceId, TimeSpan duration, bool skipped, CancellationToken cancellationToken);

    /// <summary>Blocks a device; writes the blocker's row if it has none.</summary>
    /// <param name="blocker">Who blocks.</param>
    /// <param name="blocked">Whom; another device.</param>
    /// <param name="reason">At most <see cref="CallsBlock.MaxReasonLength"/> characters, or null.</param>
    /// <param name="sessionId">In which call they met, or null.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ArgumentException">The two are one, or a text is too long.</exception>
    Task<CallsBlockStatus> BlockAsync(string blocker, string blocked, string? reason, string? sessionId, CancellationToken cancellationToken);

    /// <summary>Takes a block back.</summary>
    Task<CallsUnblockStatus> UnblockAsync(string blocker, string blocked, CancellationToken cancellationToken);

    /// <summary>Whom a device has blocked, newest first; at most <see cref="CallsBlock.MaxPerDevice"/>.</summary>
    Task<IReadOnlyList<CallsBlock>> ListBlocksAsync(string blocker, CancellationToken cancellationToken);

    /// <summary>How many devices a device has blocked.</summary>
    Task<int> CountBlocksAsync(string blocker, CancellationToken cancellationToken);

    /// <summary>Whom a device must not meet: those that it has blocked, and those that have blocked it, each once.</summary>
    Task<IReadOnlyList<string>> ListBlockedEitherWayAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>Bans a device; one that is banned already gets the new reason and time.</summary>
    /// <param name="deviceId">The device, known or not.</param>
    /// <param name="reason">Why, for the list.</param>
    /// <param name="duration">For how long, more than zero; null for ever.</param>
    /// <param name="by">Who does it; null for the operator.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<CallsBan> BanAsync(string deviceId, string reason, TimeSpan? duration, string? by, CancellationToken cancellationToken);

    /// <summary>Lifts a ban.</summary>
    /// <returns>False where the device is not banned.</returns>
    Task<bool> UnbanAsync(string deviceId, string? by, CancellationToken cancellationToken);

    /// <summary>A device's ban, or null where there is none or its time is over.</summary>
    Task<CallsBan?> FindBanAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>The bans in force, newest first.</summary>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<CallsBan>> ListBansAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Takes a report. Who reports the same device for the same reason in the same call again gets the report that is there.</summary>
    Task<CallsSubmission> SubmitReportAsync(NewCallsReport report, CancellationToken cancellationToken);

    /// <summary>Reports without their evidence, newest first.</summary>
    /// <param name="status">Only those; pending ones that a moderator has taken are left out. Null for all.</param>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<CallsReport>> ListReportsAsync(CallsReportStatus? status, int limit, CancellationToken cancellationToken);

    /// <summary>A report with its evidence, or null.</summary>
    Task<CallsReport?> FindReportAsync(Guid reportId, CancellationToken cancellationToken);

    /// <summary>Lends the oldest pending report that nobody has to a moderator; without a decision it comes back when the time is over.</summary>
    /// <param name="moderator">Who takes it.</param>
    /// <param name="lease">For how long, more than zero.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The report with its evidence, or null where none is left. Of several that ask at once each gets another.</returns>
    Task<CallsReport?> TakeNextReportAsync(CallsDevice moderator, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Decides a report, or decides it otherwise: accepted bans the reported device, rejected takes back the ban that this report brought.</summary>
    /// <param name="reportId">The report.</param>
    /// <param name="isAccepted">The decision.</param>
    /// <param name="moderator">Who decides.</param>
    /// <param name="banDuration">How long an accepted report bans, more than zero; null for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What came of it, or null where there is no such report.</returns>
    Task<CallsDecision?> DecideReportAsync(
        Guid reportId, bool isAccepted, CallsDevice moderator, TimeSpan? banDuration, CancellationToken cancellationToken);

    /// <summary>The numbers of reports.</summary>
    Task<CallsReportStats> GetReportStatsAsync(CancellationToken cancellationToken);

    /// <summary>Notes that a message of a device was withheld, and what that leads to (section 7).</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="category">What was wrong, one of a few fixed words; the message itself is not kept.</param>
    /// <param name="rules">For how long strikes count and restrictions last.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<CallsStrike> AddStrikeAsync(string deviceId, string category, CallsStrikeRules rules, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes what has been kept long enough, one batch of each kind in one transaction. Retention calls it until it returns zero.
    /// </summary>
    /// <param name="retention">How long things are kept.</param>
    /// <param name="batch">At most this many of each kind, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many rows were deleted.</returns>
    Task<int> DeleteExpiredAsync(CallsRetention retention, int batch, CancellationToken cancellationToken);
}
