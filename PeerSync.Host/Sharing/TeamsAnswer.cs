using System.Text.Json;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Writes what is answered about teams (Sharing contract, section 4).</summary>
internal static class TeamsAnswer
{
    /// <summary>What became of a change.</summary>
    public static Task WriteOutcomeAsync(HttpContext context, SharingTeamStatus status) =>
        status == SharingTeamStatus.Done ? SharingAnswer.WriteOkAsync(context) : WriteRefusalAsync(context, status);

    /// <summary>Why something was not done.</summary>
    public static Task WriteRefusalAsync(HttpContext context, SharingTeamStatus status)
    {
        var (statusCode, error) = status switch
        {
            SharingTeamStatus.UnknownTeam => (StatusCodes.Status404NotFound, "Team not found"),
            SharingTeamStatus.Forbidden => (StatusCodes.Status403Forbidden, "Forbidden"),
            SharingTeamStatus.UnknownMember => (StatusCodes.Status404NotFound, "Member not found"),
            SharingTeamStatus.IsOwner => (StatusCodes.Status409Conflict, "Owner cannot remove himself from the team"),
            SharingTeamStatus.TooManyTeams => (StatusCodes.Status409Conflict, "You are in too many teams"),
            SharingTeamStatus.TooManyMembers => (StatusCodes.Status409Conflict, "The team has too many members"),
            SharingTeamStatus.TooManyInvitations => (StatusCodes.Status409Conflict, "The team has too many open invitations"),
            SharingTeamStatus.UnknownInvitation => (StatusCodes.Status404NotFound, "Invitation not found"),
            SharingTeamStatus.InvalidInvitation => (StatusCodes.Status400BadRequest, "Invalid or expired"),
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Nothing was refused."),
        };
        return SharingAnswer.WriteErrorAsync(context, statusCode, error);
    }

    /// <summary>The members of a team's object.</summary>
    public static void WriteTeam(Utf8JsonWriter writer, SharingTeam team)
    {
        writer.WriteString("id"u8, team.Id);
        writer.WriteString("name"u8, team.Name);
        writer.WriteString("slug"u8, team.Slug);
        writer.WriteString("ownerId"u8, team.OwnerId);
    }

    /// <summary>As <see cref="WriteTeam"/>, with what the extension does not ask for.</summary>
    public static void WriteWholeTeam(Utf8JsonWriter writer, SharingTeam team)
    {
        WriteTeam(writer, team);
        if (team.RetentionDays is { } days)
        {
            writer.WriteNumber("retentionDays"u8, days);
        }
        else
        {
            writer.WriteNull("retentionDays"u8);
        }

        writer.WriteString("createdAt"u8, SharingAnswer.Iso(team.CreatedAt));
    }

    /// <summary>The members of a member's object.</summary>
    public static void WriteMember(Utf8JsonWriter writer, SharingMember member)
    {
        writer.WriteString("id"u8, member.UserId);
        writer.WriteString("name"u8, member.Name);
        writer.WriteString("email"u8, member.Email);
        writer.WriteString("avatarUrl"u8, member.AvatarUrl);
    }

    /// <summary>The members of an invitation's object.</summary>
    public static void WriteInvitation(Utf8JsonWriter writer, SharingInvitation invitation, DateTimeOffset now)
    {
        writer.WriteString("id"u8, invitation.Id);
        writer.WriteString("inviterId"u8, invitation.InviterId);
        writer.WriteString("createdAt"u8, SharingAnswer.Iso(invitation.CreatedAt));
        writer.WriteString("expiresAt"u8, SharingAnswer.Iso(invitation.ExpiresAt));
        writer.WriteString("state"u8, invitation switch
        {
            { AcceptedBy: not null } => "accepted",
            { RevokedAt: not null } => "revoked",
            _ when invitation.ExpiresAt <= now => "expired",
            _ => "open",
        });
        if (invitation is { AcceptedBy: { } acceptedBy, AcceptedAt: { } acceptedAt })
        {
            writer.WriteString("acceptedBy"u8, acceptedBy);
            writer.WriteString("acceptedAt"u8, SharingAnswer.Iso(acceptedAt));
        }

        if (invitation.RevokedAt is { } revokedAt)
        {
            writer.WriteString("revokedAt"u8, SharingAnswer.Iso(revokedAt));
        }
    }
}
