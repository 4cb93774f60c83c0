using System.Text.Json;
using PeerSync.Actors.Sharing;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Teams and their members (Sharing contract, section 4).</summary>
internal sealed class TeamsEndpoints(ISharingTeams teams, SharingTeamLimits limits, ISharingFeedSink feed)
{
    private const int MaxName = 100;
    private const int MaxId = 128;

    public void Map(SharingRoutes routes)
    {
        routes.Protected(HttpMethods.Get, "/teams/me", ListAsync);
        routes.Protected(HttpMethods.Post, "/teams", CreateAsync).WithMetadata(SharingBodyLimit.Small);
        routes.Protected(HttpMethods.Get, "/teams/{teamId}", ShowAsync);
        routes.Protected(HttpMethods.Patch, "/teams/{teamId}", ChangeAsync).WithMetadata(SharingBodyLimit.Small);
        routes.Protected(HttpMethods.Delete, "/teams/{teamId}", DeleteAsync);
        routes.Protected(HttpMethods.Post, "/teams/{teamId}/transfer", TransferAsync).WithMetadata(SharingBodyLimit.Small);
        routes.Protected(HttpMethods.Post, "/teams/{teamId}/leave", (context, caller) => RemoveAsync(context, caller, caller.UserId));
        routes.Protected(
            HttpMethods.Delete,
            "/teams/{teamId}/remove-member/{userId}",
            (context, caller) => RemoveAsync(context, caller, SharingPath.Value(context, "userId")));
    }

    private static string TeamId(HttpContext context) => SharingPath.Value(context, "teamId");

    // What is only white space cannot be read, and what is around it cannot be told apart.
    private static string? Name(JsonElement body) => SharingInput.Text(body, "name", MaxName)?.Trim() is { Length: > 0 } name ? name : null;

    private static SharingEventText Changed(SharingTeam team) => SharingEventWriter.TeamChanged(team.Id, team.Name, team.OwnerId).ToText();

    private static Task WriteTeamAsync(HttpContext context, SharingTeamOutcome outcome) =>
        outcome is { Status: SharingTeamStatus.Done, Team: { } team }
            ? SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer => TeamsAnswer.WriteWholeTeam(writer, team))
            : TeamsAnswer.WriteRefusalAsync(context, outcome.Status);

    private async Task ListAsync(HttpContext context, SharingCaller caller)
    {
        var list = await teams.ListAsync(caller.UserId, context.RequestAborted);
        if (list.Count == 0)
        {
            // Everybody has a team, so there is no such user any more.
            await SharingAccess.WriteUnauthorizedAsync(context);
            return;
        }

        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject("user"u8);
            writer.WriteString("id"u8, caller.UserId);
            writer.WriteEndObject();
            writer.WriteStartArray("teams"u8);
            foreach (var (team, _) in list)
            {
                writer.WriteStartObject();
                TeamsAnswer.WriteTeam(writer, team);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartObject("membersByTeam"u8);
            foreach (var (team, members) in list)
            {
                writer.WriteStartArray(team.Id);
                foreach (var member in members)
                {
                    writer.WriteStartObject();
                    TeamsAnswer.WriteMember(writer, member);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        });
    }

    private async Task ShowAsync(HttpContext context, SharingCaller caller)
    {
        if (await teams.FindAsync(TeamId(context), caller.UserId, context.RequestAborted) is not { } found)
        {
            await TeamsAnswer.WriteRefusalAsync(context, SharingTeamStatus.Forbidden);
            return;
        }

        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            TeamsAnswer.WriteWholeTeam(writer, found.Team);
            writer.WriteStartArray("members"u8);
            foreach (var member in found.Members)
            {
                writer.WriteStartObject();
                TeamsAnswer.WriteMember(writer, member);
                writer.WriteString("role"u8, member.IsOwner ? "OWNER" : "MEMBER");
                writer.WriteString("joinedAt"u8, SharingAnswer.Iso(member.JoinedAt));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private async Task CreateAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        await (Name(body) is { } name
            ? WriteTeamAsync(context, await teams.CreateAsync(caller.UserId, name, limits, context.RequestAborted))
            : SharingBody.WriteInvalidAsync(context));
    }

    private async Task ChangeAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        var hasName = body.TryGetProperty("name", out _);
        var hasRetention = body.TryGetProperty("retentionDays", out var retention);
        var name = hasName ? Name(body) : null;
        var days = !hasRetention ? null : retention.ValueKind == JsonValueKind.Null ? 0 : SharingInput.Whole(retention, 1, SharingTeam.MaxRetentionDays);
        if ((!hasName && !hasRetention) || (hasName && name is null) || (hasRetention && days is null))
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        await ChangeAsync(context, caller, new SharingTeamChange(name, null, days));
    }

    private async Task TransferAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        await (SharingInput.Text(body, "userId", MaxId) is { } userId
            ? ChangeAsync(context, caller, new SharingTeamChange(OwnerId: userId))
            : SharingBody.WriteInvalidAsync(context));
    }

    private async Task ChangeAsync(HttpContext context, SharingCaller caller, SharingTeamChange change)
    {
        var outcome = await teams.ChangeAsync(TeamId(context), caller.UserId, change, Changed, context.RequestAborted);
        Publish(outcome);
        await WriteTeamAsync(context, outcome);
    }

    private async Task DeleteAsync(HttpContext context, SharingCaller caller)
    {
        var teamId = TeamId(context);
        var outcome = await teams.DeleteAsync(teamId, caller.UserId, SharingEventWriter.TeamDeleted(teamId).ToText(), context.RequestAborted);
        Publish(outcome);
        await TeamsAnswer.WriteOutcomeAsync(context, outcome.Status);
    }

    private async Task RemoveAsync(HttpContext context, SharingCaller caller, string memberId)
    {
        var teamId = TeamId(context);
        var removed = SharingEventWriter.MemberRemoved(teamId, memberId).ToText();
        var outcome = await teams.RemoveMemberAsync(teamId, memberId, caller.UserId, removed, context.RequestAborted);
        Publish(outcome);
        await TeamsAnswer.WriteOutcomeAsync(context, outcome.Status);
    }

    private void Publish(SharingTeamOutcome outcome)
    {
        if (outcome.Event is { } sharingEvent)
        {
            feed.Publish(sharingEvent);
        }
    }
}
