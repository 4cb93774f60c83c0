using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeerSync.Host.Calls;

// Answers are written, and requests read, member by member; these are their forms for the OpenAPI document, which a test holds the answers to.

/// <summary>A device that wants a token.</summary>
/// <param name="DeviceId">1 to 128 UTF-16 units without control characters.</param>
internal sealed record CallsTokenRequest(string DeviceId);

/// <summary>A token.</summary>
/// <param name="AccessToken">A JSON Web Token.</param>
/// <param name="ExpiresIn">Its lifetime as it was set, for example <c>7d</c>.</param>
internal sealed record CallsTokenIssued(string AccessToken, string ExpiresIn);

/// <summary>Whose token it is.</summary>
internal sealed record CallsTokenVerdict(bool Valid, string DeviceId);

/// <summary>A TURN server with a credential.</summary>
internal sealed record CallsTurnCredential(IReadOnlyList<string> Urls, string Username, string Credential, long Ttl);

/// <summary>A peer that the device does not want to meet again.</summary>
internal sealed record CallsBlockRequest(string BlockedUserId, string? Reason, string? SessionId);

/// <summary>A peer that the device may meet again.</summary>
internal sealed record CallsUnblockRequest(string BlockedUserId);

/// <summary>That it was done.</summary>
internal sealed record CallsDone(bool Success, string? Message);

/// <summary>The peers that a device has blocked.</summary>
internal sealed record CallsBlockList(IReadOnlyList<CallsBlockListed> Blocked, int Count);

/// <summary>A blocked peer.</summary>
internal sealed record CallsBlockListed(
    string Id,
    string BlockedId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? BlockedUsername,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason,
    string CreatedAt);

/// <summary>How many there are.</summary>
internal sealed record CallsBlockCount(long Count);

/// <summary>A report of a peer.</summary>
internal sealed record CallsReportRequest(string ReportedPeerId, string SessionId, string Reason, string? Comment);

/// <summary>The report's id.</summary>
internal sealed record CallsReportSubmitted(string ReportId);

/// <summary>A report as moderators see it.</summary>
internal sealed record CallsReportForm(
    string Id,
    string ReporterId,
    string ReportedPeerId,
    string SessionId,
    string Reason,
    string? Comment,
    long Timestamp,
    string Status,
    string? ModeratorId,
    long? ModeratedAt,
    IReadOnlyList<CallsReportLine>? Evidence);

/// <summary>A line of the call's chat.</summary>
internal sealed record CallsReportLine(string From, string Message, long Timestamp);

/// <summary>How many reports there are.</summary>
internal sealed record CallsReportStatistics(
    long TotalReports, long PendingReports, long AcceptedReports, long RejectedReports, IReadOnlyDictionary<string, long> ReportsByReason);

/// <summary>A moderator's decision.</summary>
/// <param name="ReportId">The report.</param>
/// <param name="Decision"><c>accepted</c> or <c>rejected</c>.</param>
/// <param name="BanHours">How long the device is banned, where the report is accepted.</param>
internal sealed record CallsDecisionRequest(string ReportId, string Decision, int? BanHours);

/// <summary>A device to ban.</summary>
internal sealed record CallsBanRequest(string DeviceId, string Reason, int? BanHours);

/// <summary>A banned device.</summary>
internal sealed record CallsBanForm(
    string DeviceId,
    string Reason,
    string BannedBy,
    string? ReportId,
    string BannedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ExpiresAt);

/// <summary>A fault.</summary>
/// <param name="Message">A sentence, or an array of all that is wrong with the body.</param>
/// <param name="Error">The status in words; missing for 413, 429 and 500.</param>
/// <param name="StatusCode">The HTTP status.</param>
internal sealed record CallsFault(JsonElement Message, string? Error, int StatusCode);
