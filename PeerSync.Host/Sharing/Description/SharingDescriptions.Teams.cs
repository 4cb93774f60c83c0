using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Sharing.Description;

/// <content>Devices, pairing, teams, invitations and the audit trail.</content>
internal static partial class SharingDescriptions
{
    private const string KeysTag = "Keys";
    private const string TeamsTag = "Teams";

    private static RouteDescription Register() => Protected("keysRegister", KeysTag, "Registers a device's public keys, or replaces them")
        .Reads<KeysRegisterSchema>()
        .Done("The device is registered")
        .Refuses(400, "A member is missing, or a key is no public key on P-256")
        .Refuses(409, "The account has as many devices as it may");

    private static RouteDescription MyDevices() => Protected("keysMe", KeysTag, "Lists the caller's devices, oldest first")
        .Answers<DeviceListSchema>(200, "The devices; the first one is the primary");

    private static RouteDescription DefaultRecipients() => Protected("keysTeamDefault", KeysTag, "Lists the devices of the caller's first team")
        .Answers<RecipientListSchema>(200, "The devices");

    private static RouteDescription TeamRecipients() => Protected("keysTeamById", KeysTag, "Lists the devices of a team's members, the caller's included")
        .Answers<RecipientListSchema>(200, "The devices")
        .Refuses(403, "The caller is no member");

    private static RouteDescription PairingInit() => Protected("pairingInit", KeysTag, "Leaves something for the caller's next device")
        .Reads<PairingInitSchema>()
        .Answers<TokenSchema>(200, "The token to claim it with")
        .Refuses(400, "A member is missing or wrong")
        .Refuses(403, "The device is not the primary one");

    private static RouteDescription PairingClaim() => Protected("pairingClaim", KeysTag, "Takes what another device of the caller's has left, once")
        .Reads<TokenSchema>()
        .Answers<SealedSchema>(200, "What was left")
        .Refuses(400, "The token is missing")
        .Refuses(403, "It was left for another account")
        .Refuses(404, "The token does not hold");

    private static RouteDescription RemoveDevice() => Protected("deviceRemove", KeysTag, "Removes one of the caller's devices")
        .Done("The caller has no such device any more")
        .Refuses(400, "It is the primary device");

    private static RouteDescription ForceRemoveDevice() => Protected("deviceForceRemove", KeysTag, "Removes one of the caller's devices, the primary one too")
        .Done("The caller has no such device any more");

    private static RouteDescription MyTeams() => Protected("teamsMe", TeamsTag, "Says who the caller is, and lists its teams with their members")
        .Answers<MyTeamsSchema>(200, "The teams, oldest first");

    private static RouteDescription CreateTeam() => Protected("teamsCreate", TeamsTag, "Makes a team that the caller owns")
        .Reads<TeamNameSchema>()
        .Answers<TeamDetailSchema>(200, "The team")
        .Refuses(400, "That is no name")
        .Refuses(409, "The caller is in as many teams as it may");

    private static RouteDescription ShowTeam() => Protected("teamsShow", TeamsTag, "Shows a team with its members")
        .Answers<TeamDetailSchema>(200, "The team")
        .Refuses(403, "The caller is no member");

    private static RouteDescription ChangeTeam() => Owner("teamsChange", "Renames a team, or says how long its shares are kept")
        .Reads<TeamChangeSchema>()
        .Answers<TeamDetailSchema>(200, "The team")
        .Refuses(400, "A member is wrong, or both are missing");

    private static RouteDescription DeleteTeam() => Owner("teamsDelete", "Deletes a team with its shares").Done("The team is gone");

    private static RouteDescription TransferTeam() => Owner("teamsTransfer", "Makes another member the owner")
        .Reads<TeamTransferSchema>()
        .Answers<TeamDetailSchema>(200, "The team")
        .Refuses(400, "The member is missing");

    private static RouteDescription LeaveTeam() => Protected("teamsLeave", TeamsTag, "Leaves a team")
        .Done("The caller is no member")
        .Refuses(404, "There is no such team, or the caller is no member")
        .Refuses(409, "The owner cannot leave");

    private static RouteDescription RemoveMember() => Owner("teamsRemoveTeamMember", "Removes a member, which members may do with themselves")
        .Done("The user is no member")
        .Refuses(409, "The owner cannot be removed");

    private static RouteDescription Invite() => Owner("teamsInvite", "Makes an invitation, for one new member")
        .Answers<InvitationMadeSchema>(200, "The invitation")
        .Refuses(409, "There are too many open ones");

    private static RouteDescription AcceptInvitation() => Protected("teamsAccept", TeamsTag, "Joins a team")
        .Done("The caller is a member")
        .Refuses(400, "The invitation has expired, was revoked, or was another's")
        .Refuses(404, "There is no such invitation")
        .Refuses(409, "The team is full, or the caller is in as many teams as it may");

    private static RouteDescription ListInvitations() => Owner("teamsListInvitations", "Lists a team's invitations")
        .Answers<InvitationListSchema>(200, "The invitations");

    private static RouteDescription RevokeInvitation() => Owner("teamsRevokeInvitation", "Revokes an invitation")
        .Done("Nobody can accept it")
        .Refuses(409, "It has been accepted");

    private static RouteDescription ExplainInvitation() => Open("teamsExplainInvitation", TeamsTag, "Tells whoever opens an invitation's link in a browser what to do with it")
        .AnswersText(200, "The same text for every token");

    private static RouteDescription TeamAudit() => Owner("teamsAudit", "Reads a team's audit trail, newest first")
        .Asks<int>("limit", "How many entries at most")
        .Asks<string>("before", "The cursor of the page before")
        .Answers<AuditPageSchema>(200, "The page")
        .Refuses(400, "A parameter is wrong");

    private static RouteDescription OwnAudit() => Protected("authAudit", AuthTag, "Reads the audit trail of the caller's own account, newest first")
        .Asks<int>("limit", "How many entries at most")
        .Asks<string>("before", "The cursor of the page before")
        .Answers<AuditPageSchema>(200, "The page")
        .Refuses(400, "A parameter is wrong");

    private static RouteDescription Owner(string operationId, string summary) => Protected(operationId, TeamsTag, summary)
        .Refuses(403, "The caller does not own the team")
        .Refuses(404, "There is no such team, member or invitation");
}
