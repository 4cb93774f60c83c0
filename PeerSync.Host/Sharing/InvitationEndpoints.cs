using PeerSync.Actors.Sharing;
using PeerSync.Host.Configuration;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>How users come into teams (Sharing contract, section 4).</summary>
internal sealed class InvitationEndpoints(
    ISharingTeams teams, SharingTeamLimits limits, ISharingFeedSink feed, PeerSyncOptions options, TimeProvider time)
{
    private const int MaxListed = 200;
    private const string LinkPath = "/invite/";

    private readonly TimeSpan _lifetime = options.Sharing.InvitationLifetime;

    public void Map(SharingRoutes routes)
    {
        routes.Protected(HttpMethods.Post, "/teams/{teamId}/invite", InviteAsync);
        routes.Protected(HttpMethods.Post, "/teams/invite/{inviteToken}", AcceptAsync);
        routes.Protected(HttpMethods.Get, "/teams/{teamId}/invitations", ListAsync);
        routes.Protected(HttpMethods.Delete, "/teams/{teamId}/invitations/{invitationId}", RevokeAsync);
        routes.Open(HttpMethods.Get, LinkPath + "{inviteToken}", ExplainAsync);
    }

    private static string TeamId(HttpContext context) => SharingPath.Value(context, "teamId");

    // For whoever opens the link in a browser. It says the same for every token, and so nothing of any.
    private static Task ExplainAsync(HttpContext context) => SharingAnswer.WriteTextAsync(
        context,
        StatusCodes.Status200OK,
        "This is an invitation to a team. Copy its whole address, and paste it where the extension in your editor asks for an invitation.\n");

    private async Task InviteAsync(HttpContext context, SharingCaller caller)
    {
        var made = await teams.InviteAsync(TeamId(context), caller.UserId, _lifetime, limits, context.RequestAborted);
        if (made is not { Invitation: { } invitation, Token: { } token })
        {
            await TeamsAnswer.WriteRefusalAsync(context, made.Status);
            return;
        }

        var request = context.Request;
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteString("token"u8, token);
            writer.WriteString("id"u8, invitation.Id);
            writer.WriteString("expiresAt"u8, SharingAnswer.Iso(invitation.ExpiresAt));

            // Clients take the token out of it, whatever stands before.
            writer.WriteString("link"u8, $"{request.Scheme}://{request.Host}{SharingRoute.BasePath}{LinkPath}{token}");
        });
    }

    private async Task AcceptAsync(HttpContext context, SharingCaller caller)
    {
        var outcome = await teams.AcceptInvitationAsync(
            SharingPath.Value(context, "inviteToken"),
            caller.UserId,
            limits,
            teamId => SharingEventWriter.MemberJoined(teamId, caller.UserId).ToText(),
            context.RequestAborted);
        if (outcome.Event is { } sharingEvent)
        {
            feed.Publish(sharingEvent);
        }

        await (outcome.Status == SharingTeamStatus.UnknownMember
            ? SharingAccess.WriteUnauthorizedAsync(context)
            : TeamsAnswer.WriteOutcomeAsync(context, outcome.Status));
    }

    private async Task ListAsync(HttpContext context, SharingCaller caller)
    {
        var list = await teams.ListInvitationsAsync(TeamId(context), caller.UserId, MaxListed, context.RequestAborted);
        if (list.Status != SharingTeamStatus.Done)
        {
            await TeamsAnswer.WriteRefusalAsync(context, list.Status);
            return;
        }

        var now = time.GetUtcNow();
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray("items"u8);
            foreach (var invitation in list.Invitations)
            {
                writer.WriteStartObject();
                TeamsAnswer.WriteInvitation(writer, invitation, now);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private async Task RevokeAsync(HttpContext context, SharingCaller caller)
    {
        var outcome = await teams.RevokeInvitationAsync(
            TeamId(context), SharingPath.Value(context, "invitationId"), caller.UserId, context.RequestAborted);
        await (outcome.Status == SharingTeamStatus.InvalidInvitation
            ? SharingAnswer.WriteErrorAsync(context, StatusCodes.Status409Conflict, "Invitation already accepted")
            : TeamsAnswer.WriteOutcomeAsync(context, outcome.Status));
    }
}
