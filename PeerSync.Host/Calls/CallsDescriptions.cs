using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Calls;

/// <summary>What the OpenAPI document says of the Calls feature's routes.</summary>
internal static class CallsDescriptions
{
    private const string Tag = "Calls";

    public static RouteDescription Issue() => new RouteDescription("callsIssueToken", Tag, "Makes a token for a device")
        .Reads<CallsTokenRequest>()
        .Answers<CallsTokenIssued>(201, "The token")
        .Refuses(400, "The device id is missing or wrong")
        .Limited();

    public static RouteDescription Refresh() => Device("callsRefreshToken", "Makes a token with a new lifetime")
        .Answers<CallsTokenIssued>(201, "The token");

    public static RouteDescription Verify() => Device("callsVerifyToken", "Says whose token it is")
        .Answers<CallsTokenVerdict>(200, "The token is valid");

    public static RouteDescription Turn() => Device("callsTurnCredentials", "Makes a credential for the TURN server")
        .Answers<CallsTurnCredential>(201, "The credential")
        .Refuses(403, "The device is banned");

    public static RouteDescription ListBlocks() => Device("callsListBlocks", "Lists the peers that the device has blocked, newest first")
        .Answers<CallsBlockList>(200, "The peers");

    public static RouteDescription Block() => Device("callsBlock", "Keeps the device and a peer apart")
        .Reads<CallsBlockRequest>()
        .Answers<CallsDone>(201, "They will not meet again")
        .Refuses(400, "A member is wrong, it is the device itself, or there are 2,000 already")
        .Refuses(404, "The device was told of no such peer")
        .Refuses(409, "The peer is blocked already");

    public static RouteDescription Unblock() => Device("callsUnblock", "Lets the device and a peer meet again")
        .Reads<CallsUnblockRequest>()
        .Answers<CallsDone>(200, "They may meet again")
        .Refuses(400, "A member is wrong")
        .Refuses(404, "The peer is not blocked");

    public static RouteDescription CountBlocks() => Device("callsCountBlocks", "Counts the peers that the device has blocked")
        .Answers<CallsBlockCount>(200, "How many");

    public static RouteDescription SubmitReport() => Device("callsSubmitReport", "Reports a peer to the moderators")
        .With("Reasons: `harassment`, `inappropriate_content`, `spam`, `nudity`, `violence`, `hate_speech`, `underage`, `other`.")
        .Reads<CallsReportRequest>()
        .Answers<CallsReportSubmitted>(201, "The report; the same one for the same call and reason")
        .Refuses(400, "A member is wrong")
        .Refuses(404, "The device was told of no such peer");

    public static RouteDescription ListReports() => Moderator("callsListReports", "Lists reports, newest first")
        .Asks<int>("limit", "1 to 100; 50 by default")
        .Asks<string>("status", "`pending` (the default), `accepted`, `rejected` or `all`")
        .Answers<IReadOnlyList<CallsReportForm>>(200, "The reports")
        .Refuses(400, "A parameter is wrong");

    public static RouteDescription NextReport() => Moderator("callsNextReport", "Takes the oldest pending report, for ten minutes")
        .Answers<CallsReportForm>(200, "The report; without a body where none is left");

    public static RouteDescription ReportStatistics() => Moderator("callsReportStatistics", "Counts reports")
        .Answers<CallsReportStatistics>(200, "How many");

    public static RouteDescription ShowReport() => Moderator("callsShowReport", "Shows a report")
        .Answers<CallsReportForm>(200, "The report")
        .Refuses(404, "There is no such report");

    public static RouteDescription DecideReport() => Moderator("callsDecideReport", "Accepts a report, which bans the device, or rejects it")
        .Reads<CallsDecisionRequest>()
        .Answers<CallsDone>(201, "It is decided")
        .Refuses(400, "A member is wrong")
        .Refuses(404, "There is no such report");

    public static RouteDescription ListBans() => Moderator("callsListBans", "Lists bans, newest first")
        .Asks<int>("limit", "1 to 100; 50 by default")
        .Answers<IReadOnlyList<CallsBanForm>>(200, "The bans")
        .Refuses(400, "The parameter is wrong");

    public static RouteDescription Ban() => Moderator("callsBan", "Bans a device, whose sockets are cut")
        .Reads<CallsBanRequest>()
        .Answers<CallsBanForm>(201, "The ban")
        .Refuses(400, "A member is wrong");

    public static RouteDescription Unban() => Moderator("callsUnban", "Lifts a ban")
        .Answers<CallsDone>(200, "It is lifted")
        .Refuses(404, "The device is not banned");

    private static RouteDescription Device(string operationId, string summary) => new RouteDescription(operationId, Tag, summary)
        .For(RouteAccess.Bearer)
        .Refuses(401, "There is no valid token")
        .Limited();

    private static RouteDescription Moderator(string operationId, string summary) => Device(operationId, summary)
        .For(RouteAccess.Moderator)
        .Refuses(403, "The caller is no moderator");

    private static RouteDescription Limited(this RouteDescription description) =>
        description.Refuses(429, "Too many requests; Retry-After says how many seconds to wait");

    private static RouteDescription Refuses(this RouteDescription description, int status, string when) => description.Answers<CallsFault>(status, when);
}
