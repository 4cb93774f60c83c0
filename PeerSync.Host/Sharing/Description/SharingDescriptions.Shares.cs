using System.Net.Mime;
using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Sharing.Description;

/// <content>Shares and the feed.</content>
internal static partial class SharingDescriptions
{
    private const string SharesTag = "CodeShare";
    private const string RealtimeTag = "Realtime";

    private static RouteDescription Share() => Protected("codeShareShare", SharesTag, "Shares encrypted code, with a team or with users")
        .With("Content and keys come encrypted and stay so. Wrapped keys are kept in their order, with repetitions. Without `metadata.teamId` it is a direct message.")
        .Reads<CodeShareSchema>()
        .Answers<IdSchema>(200, "The share")
        .Refuses(400, "A member is missing or wrong")
        .Refuses(403, "The caller is no member of the team, or shares none with a recipient")
        .Refuses(413, "It is too large, or the caller has stored as much as it may");

    private static RouteDescription ShowShare() => Protected("codeShareGetById", SharesTag, "Shows a share with its content")
        .Answers<CodeShareDetailSchema>(200, "The share")
        .Refuses(404, "There is no such share that the caller may read");

    private static RouteDescription DeleteShare() => Protected("codeShareDelete", SharesTag, "Deletes a share, which its author and the team's owner may")
        .Done("The share is gone")
        .Refuses(403, "The caller may read it, but not delete it")
        .Refuses(404, "There is no such share that the caller may read");

    private static RouteDescription AddWrappedKeys() => Protected("codeShareAddWrappedKeys", SharesTag, "Adds wrapped keys behind those that are there")
        .Reads<WrappedKeysSchema>()
        .Done("They are added")
        .Refuses(400, "A member is missing or wrong")
        .Refuses(403, "The caller is not the author, or shares no team with a recipient")
        .Refuses(404, "There is no such share that the caller may read")
        .Refuses(413, "There would be too many");

    private static RouteDescription RequestWraps() => Protected("codeShareRequestWraps", SharesTag, "Asks a share's author for a wrapped key")
        .Reads<WrapRequestSchema>(isRequired: false)
        .Done("The author is told")
        .Refuses(400, "The device is no text")
        .Refuses(404, "There is no such share that the caller may read");

    private static RouteDescription MissingWraps() => Paged("codeShareMissingWraps", "Lists the caller's shares that a device of a member has no wrapped key of")
        .Answers<MissingWrapsPageSchema>(200, "The page");

    private static RouteDescription ListTeam() => Paged("codeShareListTeam", "Lists a team's shares, newest first")
        .Asks<string>("teamId", "The team; without it the caller's own one")
        .Answers<ListTeamRecentSchema>(200, "The page")
        .Refuses(403, "The caller is no member");

    private static RouteDescription ListByAuthor() => Paged("codeShareListTeamByAuthor", "Lists what a user has shared with a team, newest first")
        .Answers<ListTeamRecentSchema>(200, "The page, without wrapped keys")
        .Refuses(403, "The caller is no member");

    private static RouteDescription ListDirect() => Paged("codeShareListDmWith", "Lists the direct messages between the caller and a user, newest first")
        .Answers<ListTeamRecentSchema>(200, "The page, without wrapped keys");

    private static RouteDescription Realtime() => Open("realtimeDiscover", RealtimeTag, "Says where the feed can be had")
        .Answers<RealtimeSchema>(200, "The ways");

    private static RouteDescription Listen() => Protected("realtimeListen", RealtimeTag, "Listens to the feed as server-sent events")
        .With("The same path takes WebSockets, whose first message brings the token. `Last-Event-ID` counts before `after`.")
        .Asks<long>("after", "The last event that the caller has; without it the feed begins with what happens next")
        .AnswersText(200, "Events without an end", MediaTypeNames.Text.EventStream)
        .Refuses(400, "The cursor is no number");

    private static RouteDescription Presence() => Protected("realtimePresence", RealtimeTag, "Says which of those who share a team with the caller are listening")
        .Answers<OnlineSchema>(200, "Their ids");

    private static RouteDescription Paged(string operationId, string summary) => Protected(operationId, SharesTag, summary)
        .Asks<int>("limit", "1 to 50; 50 by default")
        .Asks<string>("before", "The cursor of the page before")
        .Refuses(400, "A parameter is wrong");
}
