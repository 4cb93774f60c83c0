using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Rooms;

/// <summary>What the OpenAPI document says of the Rooms feature's routes.</summary>
internal static class RoomsDescriptions
{
    private const string Tag = "Rooms";

    public static RouteDescription Root() => new RouteDescription("roomsRoot", Tag, "Says what the server is").Answers<RoomsRoot>(200, "Always");

    public static RouteDescription Info() => new RouteDescription("roomsInfo", Tag, "Says what the server does").Answers<RoomsInfo>(200, "Always");

    public static RouteDescription Stats() => new RouteDescription("roomsStats", Tag, "Says what the server is doing")
        .Answers<RoomsServerStatistics>(200, "Times in milliseconds, memory in megabytes, processor time in microseconds");

    public static RouteDescription List() => new RouteDescription("roomsList", Tag, "Lists up to 1,000 rooms")
        .With("Requests with an `Origin` get the array alone, unless the setting `rooms.list-form` says otherwise.")
        .Answers<RoomsListed>(200, "The rooms");

    public static RouteDescription CreateNamed() => Changing("roomsCreateNamed", "Makes a room whose id the server chooses")
        .With("The same request within ten seconds makes the same room.")
        .Reads<NamedRoomRequest>()
        .Answers<RoomAnswer>(201, "The new room")
        .Refuses(503, "There are too many rooms, or the server is overloaded");

    public static RouteDescription Create() => Changing("roomsCreate", "Makes a room")
        .Reads<RoomRequest>()
        .Answers<RoomCreated>(201, "The new room")
        .Refuses(409, "The room exists")
        .Refuses(503, "There are too many rooms, or the server is overloaded");

    public static RouteDescription Show() => new RouteDescription("roomsShow", Tag, "Shows a room")
        .For(RouteAccess.OptionalBearer)
        .With("The document's content is shown to those with a token of the room.")
        .Answers<RoomShown>(200, "The room, in both spellings")
        .Refuses(404, "There is no such room");

    public static RouteDescription Delete() => new RouteDescription("roomsDelete", Tag, "Ends a room")
        .For(RouteAccess.Bearer)
        .With("The host with its token, or the operator.")
        .Answers<RoomsSuccess>(200, "The room has ended")
        .Refuses(401, "The caller may not")
        .Refuses(404, "There is no such room, or its host is another one");

    public static RouteDescription ShowStats() => new RouteDescription("roomsShowStats", Tag, "Shows what a room has done")
        .Answers<RoomStatistics>(200, "The room's numbers")
        .Refuses(404, "There is no such room");

    public static RouteDescription ListPeers() => new RouteDescription("roomsListPeers", Tag, "Lists a room's members")
        .Answers<RoomMembers>(200, "The members")
        .Refuses(404, "There is no such room");

    public static RouteDescription Join() => Changing("roomsJoin", "Makes a user a member, announced once its socket comes")
        .Reads<RoomMemberRequest>()
        .Answers<RoomAnswer>(200, "The room")
        .Refuses(404, "There is no such room, or it is full")
        .Refuses(503, "The server is overloaded");

    public static RouteDescription Leave() => Changing("roomsLeave", "Takes a user out of a room")
        .With("Answered 200 for whoever names a user. Somebody who is there by socket is put out only from the same client address, with a token, or by the operator.")
        .Reads<RoomMemberRequest>()
        .Answers<RoomsDone>(200, "The user is not a member, or was not the caller's to remove");

    public static RouteDescription PostOperation() => Changing("roomsPostOperation", "Sends an operation of a member with a socket")
        .Reads<RoomOperationRequest>()
        .Answers<RoomsDone>(200, "The operation was passed on");

    public static RouteDescription ListOperations() => new RouteDescription("roomsListOperations", Tag, "Lists the latest 100 operations")
        .For(RouteAccess.OptionalBearer)
        .Answers<IReadOnlyList<RoomOperationListed>>(200, "The operations; none without a token of the room");

    public static RouteDescription IssueToken() => new RouteDescription("issueToken", Tag, "Makes a token for a user in a room, or for a caller of Sync")
        .For(RouteAccess.Named)
        .With("With `userId` or `roomId` in the body it is for a room, and who may have one is what the setting `rooms.tokens` says; otherwise it is Sync's, for an hour.")
        .Reads<RoomTokenRequest>(isRequired: false)
        .Answers<RoomTokenIssued>(200, "The token")
        .Refuses(400, "A name is missing, or Sync's caller does not say who it is")
        .Refuses(401, "The caller may not have one")
        .Refuses(403, "Sync: the caller names two users")
        .Refuses(429, "Too many tokens; Retry-After says how many seconds to wait");

    public static RouteDescription Validate() => new RouteDescription("roomsValidateToken", Tag, "Says whether a token is of a user and a room")
        .Reads<RoomTokenQuestion>()
        .Answers<RoomTokenVerdict>(200, "The verdict");

    public static RouteDescription Revoke() => new RouteDescription("roomsRevokeToken", Tag, "Ends a token before its time")
        .With("Whoever has the token itself; the operator needs only its id.")
        .Reads<RoomTokenRevocation>()
        .Answers<RoomTokenRevoked>(200, "The token has ended")
        .Refuses(400, "There is neither a token nor an id")
        .Refuses(401, "The token is not valid, and the caller is not the operator");

    public static RouteDescription IceServers() => new RouteDescription("roomsIceServers", Tag, "Lists ICE servers, with credentials that end after an hour")
        .For(RouteAccess.OptionalBearer)
        .Asks<string>("userId", "Whose credentials they are, for callers without a token")
        .Answers<IceServerList>(200, "The servers")
        .Refuses(401, "There is no token of a room, and tokens are not open to everybody");

    public static RouteDescription CleanUp() => Operator("roomsCleanUp", "Sweeps rooms")
        .Answers<RoomsSwept>(200, "How many there were and are");

    public static RouteDescription Collect() => Operator("roomsCollect", "Collects garbage")
        .Answers<RoomsCollected>(200, "What was freed");

    public static RouteDescription ListAudit() => Operator("roomsListAudit", "Reads the audit trail, newest first")
        .Asks<string>("roomId", "Entries of this room")
        .Asks<string>("userId", "Entries of this user")
        .Asks<DateTimeOffset>("since", "Entries from this time on")
        .Asks<int>("limit", "1 to 1,000; 100 by default")
        .Answers<RoomsAuditPage>(200, "The entries");

    private static RouteDescription Changing(string operationId, string summary) => new RouteDescription(operationId, Tag, summary)
        .For(RouteAccess.OptionalBearer)
        .Refuses(400, "A name is missing, or the body is not JSON")
        .Refuses(401, "The room's names are taken, or the server demands a token of the room");

    private static RouteDescription Operator(string operationId, string summary) =>
        new RouteDescription(operationId, Tag, summary).For(RouteAccess.AdminKey).Refuses(401, "The key is missing or wrong");

    private static RouteDescription Refuses(this RouteDescription description, int status, string when) =>
        description.Answers<RoomsFault>(status, when);
}
