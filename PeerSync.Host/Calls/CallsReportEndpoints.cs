using System.Globalization;
using System.Text.Json;
using PeerSync.Actors.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>Reports, and what moderators make of them (Calls contract, sections 3.6 and 3.7).</summary>
internal sealed class CallsReportEndpoints(
    PeerSyncOptions options, ICallsDirectory directory, CallsPeerIds peers, CallsCounters counters, IEnumerable<ICallsLive> live)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;
    private const int MaxHours = 24 * 3650;

    // Those of the original, and two that its client offers all the same.
    private static readonly string[] Reasons =
        ["harassment", "inappropriate_content", "spam", "nudity", "violence", "hate_speech", "underage", "other"];

    // What the original's dashboard lists whether anybody said it or not.
    private static readonly string[] ListedReasons = ["harassment", "inappropriate_content", "spam", "other"];

    private static readonly string[] Decisions = ["accepted", "rejected"];

    /// <summary>POST /reports.</summary>
    public async Task SubmitAsync(HttpContext context, CallsTokenClaims claims)
    {
        var input = await CallsInput.ReadAsync(context, "reportedPeerId", "sessionId", "reason", "comment");
        var peerId = input.Required("reportedPeerId", CallsPeerIds.MaxLength);
        var sessionId = input.Required("sessionId", NewCallsReport.MaxSessionIdLength);
        var reason = input.Required("reason", NewCallsReport.MaxSessionIdLength, Reasons);
        var comment = input.Optional("comment", NewCallsReport.MaxCommentLength);
        if (input.Problems.Count > 0)
        {
            await CallsAnswer.WriteProblemsAsync(context, input.Problems);
            return;
        }

        if (peers.Find(claims.DeviceId, peerId) is not { } reported)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Reported user not found");
            return;
        }

        var evidence = await FindEvidenceAsync(sessionId, claims.DeviceId, reported, context.RequestAborted);
        var report = new NewCallsReport(claims.DeviceId, reported, sessionId, reason, comment, evidence, options.Calls.EvidenceRetention);
        var submitted = await directory.SubmitReportAsync(report, context.RequestAborted);
        if (submitted.IsNew)
        {
            counters.ReportsSubmitted.Increment(reason);
        }

        await CallsAnswer.WriteObjectAsync(context, StatusCodes.Status201Created, writer => writer.WriteString("reportId"u8, submitted.ReportId));
    }

    /// <summary>GET /reports.</summary>
    public async Task ListAsync(HttpContext context, CallsDevice moderator)
    {
        if (!TryReadLimit(context, out var limit))
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Validation failed (numeric string is expected)");
            return;
        }

        CallsReportStatus? status = CallsReportStatus.Pending;
        switch (context.Request.Query["status"].ToString())
        {
            case "" or "pending":
                break;
            case "accepted":
                status = CallsReportStatus.Accepted;
                break;
            case "rejected":
                status = CallsReportStatus.Rejected;
                break;
            case "all":
                status = null;
                break;
            default:
                await CallsAnswer.WriteProblemsAsync(context, ["status must be one of the following values: pending, accepted, rejected, all"]);
                return;
        }

        var reports = await directory.ListReportsAsync(status, limit, context.RequestAborted);
        await CallsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray();
            foreach (var report in reports)
            {
                Write(writer, report);
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>GET /reports/next: 200 without a body where none is left.</summary>
    public async Task TakeNextAsync(HttpContext context, CallsDevice moderator)
    {
        if (await directory.TakeNextReportAsync(moderator, options.Calls.ReportLease, context.RequestAborted) is { } report)
        {
            await CallsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer => Write(writer, report));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentLength = 0;
    }

    /// <summary>GET /reports/{id}.</summary>
    public async Task ShowAsync(HttpContext context, CallsDevice moderator)
    {
        var report = Guid.TryParse((string?)context.Request.RouteValues["id"], out var id) ? await directory.FindReportAsync(id, context.RequestAborted) : null;
        await (report is null ? WriteUnknownAsync(context) : CallsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer => Write(writer, report)));
    }

    /// <summary>POST /reports/moderate.</summary>
    public async Task DecideAsync(HttpContext context, CallsDevice moderator)
    {
        var input = await CallsInput.ReadAsync(context, "reportId", "decision", "banHours");
        var reportId = input.Required("reportId", NewCallsReport.MaxSessionIdLength);
        var decision = input.Required("decision", NewCallsReport.MaxSessionIdLength, Decisions);
        var hours = input.Number("banHours", 1, MaxHours);
        if (input.Problems.Count > 0)
        {
            await CallsAnswer.WriteProblemsAsync(context, input.Problems);
            return;
        }

        var duration = hours is { } time ? TimeSpan.FromHours(time) : options.Calls.BanDuration;
        var decided = Guid.TryParse(reportId, out var id)
            ? await directory.DecideReportAsync(id, decision == Decisions[0], moderator, duration, context.RequestAborted)
            : null;
        if (decided is null)
        {
            await WriteUnknownAsync(context);
            return;
        }

        if (decided.HasChanged)
        {
            counters.ReportsModerated.Increment(decision);
        }

        if (decided.Ban is { } ban)
        {
            counters.UsersBlocked.Increment("device");
            foreach (var told in live)
            {
                told.Banned(ban.DeviceId);
            }
        }

        await CallsAnswer.WriteDoneAsync(context, StatusCodes.Status201Created);
    }

    /// <summary>GET /reports/stats.</summary>
    public async Task WriteStatsAsync(HttpContext context, CallsDevice moderator)
    {
        var stats = await directory.GetReportStatsAsync(context.RequestAborted);
        await CallsAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteNumber("totalReports"u8, stats.Total);
            writer.WriteNumber("pendingReports"u8, stats.Pending);
            writer.WriteNumber("acceptedReports"u8, stats.Accepted);
            writer.WriteNumber("rejectedReports"u8, stats.Rejected);
            writer.WriteStartObject("reportsByReason"u8);
            foreach (var reason in Reasons.Where(reason => ListedReasons.Contains(reason) || stats.ByReason.ContainsKey(reason)))
            {
                writer.WriteNumber(reason, stats.ByReason.GetValueOrDefault(reason));
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Reads <c>?limit</c>, which is kept within 1 to 100.</summary>
    internal static bool TryReadLimit(HttpContext context, out int limit)
    {
        limit = DefaultLimit;
        var text = context.Request.Query["limit"].ToString();
        if (text.Length == 0)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var asked))
        {
            return false;
        }

        limit = (int)Math.Clamp(asked, 1, MaxLimit);
        return true;
    }

    private static Task WriteUnknownAsync(HttpContext context) => HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Report not found");

    private static void Write(Utf8JsonWriter writer, CallsReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, report.Id);
        writer.WriteString("reporterId"u8, report.Reporter);
        writer.WriteString("reportedPeerId"u8, report.Reported);
        writer.WriteString("sessionId"u8, report.SessionId);
        writer.WriteString("reason"u8, report.Reason);
        if (report.Comment is not null)
        {
            writer.WriteString("comment"u8, report.Comment);
        }

        writer.WriteNumber("timestamp"u8, report.SubmittedAt.ToUnixTimeMilliseconds());
        writer.WriteString("status"u8, report.Status switch
        {
            CallsReportStatus.Accepted => Decisions[0],
            CallsReportStatus.Rejected => Decisions[1],
            _ => "pending",
        });
        if (report.ModeratorId is not null && report.ModeratedAt is { } moderatedAt)
        {
            writer.WriteString("moderatorId"u8, report.ModeratorId);
            writer.WriteNumber("moderatedAt"u8, moderatedAt.ToUnixTimeMilliseconds());
        }

        if (report.Evidence.Count > 0)
        {
            writer.WriteStartArray("evidence"u8);
            foreach (var line in report.Evidence)
            {
                writer.WriteStartObject();
                writer.WriteString("from"u8, line.Sender);
                writer.WriteString("message"u8, line.Message);
                writer.WriteNumber("timestamp"u8, line.SentAt.ToUnixTimeMilliseconds());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // The lines of somebody else's call are nobody's evidence.
    private async Task<IReadOnlyList<CallsEvidenceLine>> FindEvidenceAsync(string sessionId, string reporter, string reported, CancellationToken cancellationToken)
    {
        foreach (var calls in live)
        {
            if (await calls.FindEvidenceAsync(sessionId, reporter, cancellationToken) is { } evidence && evidence.Partner == reported)
            {
                return evidence.Lines;
            }
        }

        return [];
    }
}
