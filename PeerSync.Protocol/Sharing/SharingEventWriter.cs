using System.Buffers;
using System.Text;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>Writes the payload of each event (Sharing contract, section 6.2). Members without a value are left out, never null.</summary>
/// <remarks>Pure functions, safe on any thread.</remarks>
public static class SharingEventWriter
{
    /// <summary><c>snippet:created</c>; receivers who are not known are told its id alone.</summary>
    /// <param name="id">The share.</param>
    /// <param name="title">Its title, if it has one.</param>
    /// <param name="authorId">Its author.</param>
    /// <param name="authorName">The author's name.</param>
    /// <param name="recipientUserIds">For whom it has wrapped keys, each once, in the order of their first key.</param>
    /// <param name="teamId">The team it was shared with; null for a direct message.</param>
    /// <param name="teamName">The team's name.</param>
    /// <param name="firstRecipientName">The name of the first recipient; left out where there is a team.</param>
    public static SharingNotice SnippetCreated(
        string id,
        string? title,
        string authorId,
        string authorName,
        IEnumerable<string> recipientUserIds,
        string? teamId,
        string? teamName,
        string? firstRecipientName)
    {
        ArgumentNullException.ThrowIfNull(recipientUserIds);
        var output = MessageBuffer.Rent();
        First(output, "id"u8, id);
        Next(output, "title"u8, title);
        Next(output, "authorId"u8, authorId);
        Next(output, "authorName"u8, authorName);
        output.Write(",\"recipientUserIds\":["u8);
        var isFirst = true;
        foreach (var recipient in recipientUserIds)
        {
            if (!isFirst)
            {
                output.Write(","u8);
            }

            isFirst = false;
            output.WriteString(recipient);
        }

        output.Write("]"u8);
        Next(output, "teamId"u8, teamId);
        Next(output, "teamName"u8, teamName);
        Next(output, "firstRecipientName"u8, teamId is null ? firstRecipientName : null);
        return new SharingNotice(SharingEventNames.SnippetCreated, End(output), Object("id"u8, id));
    }

    /// <summary><c>snippet:deleted</c></summary>
    /// <param name="id">The share.</param>
    /// <param name="teamId">The team it belonged to; null for a direct message.</param>
    public static SharingNotice SnippetDeleted(string id, string? teamId) =>
        new(SharingEventNames.SnippetDeleted, Object("id"u8, id, "teamId"u8, teamId), teamId is null ? null : Object("id"u8, id));

    /// <summary><c>keys:changed</c></summary>
    public static SharingNotice KeysChanged(string userId) => new(SharingEventNames.KeysChanged, Object("userId"u8, userId));

    /// <summary><c>team:memberJoined</c></summary>
    public static SharingNotice MemberJoined(string teamId, string userId) =>
        new(SharingEventNames.MemberJoined, Object("teamId"u8, teamId, "userId"u8, userId));

    /// <summary><c>team:memberRemoved</c>, whether the member left or was removed.</summary>
    public static SharingNotice MemberRemoved(string teamId, string userId) =>
        new(SharingEventNames.MemberRemoved, Object("teamId"u8, teamId, "userId"u8, userId));

    /// <summary><c>team:changed</c>; receivers who are not known are told the team's id alone.</summary>
    public static SharingNotice TeamChanged(string teamId, string name, string ownerId)
    {
        var output = MessageBuffer.Rent();
        First(output, "teamId"u8, teamId);
        Next(output, "name"u8, name);
        Next(output, "ownerId"u8, ownerId);
        return new SharingNotice(SharingEventNames.TeamChanged, End(output), Object("teamId"u8, teamId));
    }

    /// <summary><c>team:deleted</c></summary>
    public static SharingNotice TeamDeleted(string teamId) => new(SharingEventNames.TeamDeleted, Object("teamId"u8, teamId));

    /// <summary><c>wraps:requested</c>, to authors.</summary>
    /// <param name="userId">Who would like to read.</param>
    /// <param name="deviceId">On which device, if it is one.</param>
    /// <param name="shareId">Which share; null for all of the author's.</param>
    public static SharingNotice WrapsRequested(string userId, string? deviceId, string? shareId)
    {
        var output = MessageBuffer.Rent();
        First(output, "userId"u8, userId);
        Next(output, "deviceId"u8, deviceId);
        Next(output, "id"u8, shareId);
        return new SharingNotice(SharingEventNames.WrapsRequested, End(output));
    }

    /// <summary><c>presence:changed</c>, which is told and not kept.</summary>
    public static SharingNotice PresenceChanged(string userId, bool isOnline)
    {
        var output = MessageBuffer.Rent();
        First(output, "userId"u8, userId);
        output.Write(isOnline ? ",\"online\":true"u8 : ",\"online\":false"u8);
        return new SharingNotice(SharingEventNames.PresenceChanged, End(output));
    }

    private static string Object(ReadOnlySpan<byte> name, string value, ReadOnlySpan<byte> secondName = default, string? second = null)
    {
        var output = MessageBuffer.Rent();
        First(output, name, value);
        Next(output, secondName, second);
        return End(output);
    }

    private static void First(MessageBuffer output, ReadOnlySpan<byte> name, string value)
    {
        output.Write("{\""u8);
        output.Write(name);
        output.Write("\":"u8);
        output.WriteString(value);
    }

    private static void Next(MessageBuffer output, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            return;
        }

        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":"u8);
        output.WriteString(value);
    }

    private static string End(MessageBuffer output)
    {
        output.Write("}"u8);
        var text = Encoding.UTF8.GetString(output.Span);
        output.Release();
        return text;
    }
}
