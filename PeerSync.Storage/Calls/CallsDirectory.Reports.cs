using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Calls;

internal sealed partial class CallsDirectory
{
    private const string ReportColumns = "id, reporter, reported, session_id, reason, comment, submitted_at, status, moderator, moderated_at";
    private const string Submitted = "reports.submitted";
    private const string ReasonPrefix = "reports.reason.";

    /// <inheritdoc/>
    public Task<CallsSubmission> SubmitReportAsync(NewCallsReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        CallsRows.RequireDeviceId(report.Reporter);
        CallsRows.RequireDeviceId(report.Reported);
        ArgumentException.ThrowIfNullOrEmpty(report.SessionId);
        ArgumentException.ThrowIfNullOrEmpty(report.Reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(report.Evidence.Count, NewCallsReport.MaxEvidence, nameof(report));
        var clean = report with
        {
            SessionId = CallsRows.Text(report.SessionId, NewCallsReport.MaxSessionIdLength)!,
            Comment = CallsRows.Text(report.Comment, NewCallsReport.MaxCommentLength),
        };
        var now = database.Now;
        return database.WriteAsync("taking a report", session => SubmitAsync(session, clean, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CallsReport>> ListReportsAsync(CallsReportStatus? status, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        var now = database.Now;
        return await database.ReadAsync(
            "listing reports",
            session => status is { } only
                ? session.QueryAsync(
                    $"""
                    SELECT {ReportColumns} FROM calls_reports WHERE status = $1 AND (status <> 'pending' OR leased_until <= $2)
                    ORDER BY submitted_at DESC, id LIMIT $3
                    """,
                    MapReport,
                    Word(only),
                    now,
                    limit)
                : session.QueryAsync($"SELECT {ReportColumns} FROM calls_reports ORDER BY submitted_at DESC, id LIMIT $1", MapReport, limit),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsReport?> FindReportAsync(Guid reportId, CancellationToken cancellationToken)
    {
        var id = reportId.ToString("D");
        var now = database.Now;
        return database.ReadAsync(
            "finding a report",
            async session => await session.QueryFirstAsync($"SELECT {ReportColumns} FROM calls_reports WHERE id = $1", MapReport, id) is { } report
                ? await WithEvidenceAsync(session, report, now)
                : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsReport?> TakeNextReportAsync(CallsDevice moderator, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(moderator);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        var by = moderator.UserId.ToString("D");
        var now = database.Now;
        return database.WriteAsync(
            "lending a report",
            async session =>
            {
                // Moderators who ask at once do not wait for each other: each passes over what another one is taking. SQLite has one writer at a time.
                var passing = session.Engine is DatabaseEngine.Postgres ? "FOR UPDATE SKIP LOCKED" : string.Empty;
                var report = await session.QueryFirstAsync(
                    $"""
                    UPDATE calls_reports SET leased_by = $1, leased_until = $2
                    WHERE id = (SELECT id FROM calls_reports WHERE status = 'pending' AND leased_until <= $3 ORDER BY submitted_at, id LIMIT 1 {passing})
                    RETURNING {ReportColumns}
                    """,
                    MapReport,
                    by,
                    now + lease,
                    now);
                return report is null ? null : await WithEvidenceAsync(session, report, now);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsDecision?> DecideReportAsync(
        Guid reportId, bool isAccepted, CallsDevice moderator, TimeSpan? banDuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(moderator);
        RequireDuration(banDuration);
        var id = reportId.ToString("D");
        var by = moderator.UserId.ToString("D");
        var now = database.Now;
        return database.WriteAsync("deciding a report", session => DecideAsync(session, id, isAccepted, by, banDuration, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsReportStats> GetReportStatsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            "counting reports",
            static async session =>
            {
                var counters = await session.QueryAsync("SELECT name, value FROM calls_counters", static row => KeyValuePair.Create(row.Text(0), row.Integer(1)));
                var pending = await session.QueryFirstAsync("SELECT count(*) FROM calls_reports WHERE status = 'pending'", static row => row.Integer(0));
                var values = counters.ToDictionary(StringComparer.Ordinal);
                return new CallsReportStats(
                    values.GetValueOrDefault(Submitted),
                    pending,
                    values.GetValueOrDefault(Decided(CallsReportStatus.Accepted)),
                    values.GetValueOrDefault(Decided(CallsReportStatus.Rejected)),
                    counters.Where(static counter => counter.Key.StartsWith(ReasonPrefix, StringComparison.Ordinal))
                        .ToDictionary(static counter => counter.Key[ReasonPrefix.Length..], static counter => counter.Value, StringComparer.Ordinal));
            },
            cancellationToken);

    private static async ValueTask<CallsSubmission> SubmitAsync(DatabaseSession session, NewCallsReport report, DateTimeOffset now)
    {
        var id = Guid.NewGuid();
        var inserted = await session.ExecuteAsync(
            """
            INSERT INTO calls_reports (id, reporter, reported, session_id, reason, comment, submitted_at, leased_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (reporter, reported, session_id, reason) DO NOTHING
            """,
            id.ToString("D"),
            report.Reporter,
            report.Reported,
            report.SessionId,
            report.Reason,
            report.Comment,
            now);
        if (inserted == 0)
        {
            var known = await session.QueryFirstAsync(
                "SELECT id FROM calls_reports WHERE reporter = $1 AND reported = $2 AND session_id = $3 AND reason = $4",
                static row => row.Text(0),
                report.Reporter,
                report.Reported,
                report.SessionId,
                report.Reason);
            return new CallsSubmission(Guid.Parse(known!), IsNew: false);
        }

        for (var line = 0; line < report.Evidence.Count; line++)
        {
            var said = report.Evidence[line];
            await session.ExecuteAsync(
                "INSERT INTO calls_report_evidence (report_id, line, sender, message, sent_at, kept_until) VALUES ($1, $2, $3, $4, $5, $6)",
                id.ToString("D"),
                line,
                StorableText.Clean(said.Sender),
                StorableText.Clean(said.Message),
                said.SentAt,
                CallsRows.End(now, report.EvidenceKeptFor));
        }

        await CallsRows.CountAsync(session, Submitted, 1);
        await CallsRows.CountAsync(session, ReasonPrefix + report.Reason, 1);
        return new CallsSubmission(id, IsNew: true);
    }

    private static async ValueTask<CallsDecision?> DecideAsync(
        DatabaseSession session, string reportId, bool isAccepted, string by, TimeSpan? banDuration, DateTimeOffset now)
    {
        // The row is held before it is read, so that of two decisions the later one sees the earlier.
        await session.ExecuteAsync("UPDATE calls_reports SET leased_until = leased_until WHERE id = $1", reportId);
        var before = await session.QueryFirstAsync($"SELECT {ReportColumns} FROM calls_reports WHERE id = $1", MapReport, reportId);
        if (before is null)
        {
            return null;
        }

        var decision = isAccepted ? CallsReportStatus.Accepted : CallsReportStatus.Rejected;
        if (before.Status == decision)
        {
            return new CallsDecision(before, HasChanged: false, Ban: null);
        }

        var after = await session.QueryFirstAsync(
            $"UPDATE calls_reports SET status = $2, moderator = $3, moderated_at = $4, leased_until = $4 WHERE id = $1 RETURNING {ReportColumns}",
            MapReport,
            reportId,
            Word(decision),
            by,
            now);
        await CallsRows.CountAsync(session, Decided(decision), 1);
        if (before.Status != CallsReportStatus.Pending)
        {
            await CallsRows.TakeBackAsync(session, Decided(before.Status));
        }

        await CallsRows.AuditAsync(session, now, "report." + Word(decision), by, before.Reported, reportId);
        var ban = isAccepted
            ? await BanAsync(session, new CallsBan(before.Reported, $"Reported for: {before.Reason}", by, before.Id, now, CallsRows.End(now, banDuration)))
            : null;
        if (!isAccepted)
        {
            await session.ExecuteAsync("DELETE FROM calls_bans WHERE report_id = $1", reportId);
        }

        return new CallsDecision(after!, HasChanged: true, ban);
    }

    private static async ValueTask<CallsReport> WithEvidenceAsync(DatabaseSession session, CallsReport report, DateTimeOffset now) => report with
    {
        Evidence = await session.QueryAsync(
            "SELECT sender, message, sent_at FROM calls_report_evidence WHERE report_id = $1 AND kept_until > $2 ORDER BY line",
            static row => new CallsEvidenceLine(row.Text(0), row.Text(1), row.Time(2)),
            report.Id.ToString("D"),
            now),
    };

    private static CallsReport MapReport(SqlRow row) => new(
        Guid.Parse(row.Text(0)),
        row.Text(1),
        row.Text(2),
        row.Text(3),
        row.Text(4),
        row.TextOrNull(5),
        row.Time(6),
        row.Text(7) switch { "accepted" => CallsReportStatus.Accepted, "rejected" => CallsReportStatus.Rejected, _ => CallsReportStatus.Pending },
        row.TextOrNull(8),
        row.TimeOrNull(9));

    private static string Decided(CallsReportStatus status) => "reports." + Word(status);

    private static string Word(CallsReportStatus status) => status switch
    {
        CallsReportStatus.Accepted => "accepted",
        CallsReportStatus.Rejected => "rejected",
        _ => "pending",
    };

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
    }

    private static void RequireDuration(TimeSpan? duration)
    {
        if (duration is { } time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(duration));
        }
    }
}
