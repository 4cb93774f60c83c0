using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>The members of a frame's <c>data</c> that some form gives a meaning, as slices of the text.</summary>
public readonly ref struct RoomsData
{
    internal RoomsData(JsonValue value) => Value = value;

    /// <summary>The data as sent; empty when there is none.</summary>
    public ReadOnlySpan<byte> Text => Value.Text;

    /// <summary>Whether it is a JSON object.</summary>
    public bool IsObject => Value.Type == JsonTokenType.StartObject;

    /// <summary><c>userId</c>; null when it is absent or no valid name.</summary>
    public string? UserId => RoomsText.GetName(UserIdValue);

    /// <summary><c>roomId</c>; null when it is absent or no valid name.</summary>
    public string? RoomId => RoomsText.GetName(RoomIdValue);

    /// <summary><c>token</c> when it is a text, else null.</summary>
    public string? Token => TokenValue.GetText();

    /// <summary>Whether <c>token</c> is there and counts as true.</summary>
    public bool HasToken => TokenValue.IsTruthy;

    /// <summary><c>userName</c>, or <c>name</c>, cut for display; null without either.</summary>
    public string? UserName => RoomsText.GetLabel(UserNameValue) ?? RoomsText.GetLabel(NameValue);

    /// <summary><c>roomName</c>, cut for display.</summary>
    public string? RoomName => RoomsText.GetLabel(RoomNameValue);

    /// <summary><c>fileId</c>, cut for display.</summary>
    public string? FileId => RoomsText.GetLabel(FileIdValue);

    /// <summary><c>host</c>, cut for display.</summary>
    public string? Host => RoomsText.GetLabel(HostValue);

    /// <summary><c>content</c> when it is a text.</summary>
    public string? Content => ContentValue.GetText();

    /// <summary><c>version</c> when it is a whole number.</summary>
    public long? Version => VersionValue.Type == JsonTokenType.Number && long.TryParse(VersionValue.Text, out var version) ? version : null;

    /// <summary><c>to</c>, <c>targetUserId</c> or <c>peer</c>: whom a signal is for.</summary>
    /// <param name="recent">Where names that come again are found.</param>
    public string? GetTarget(RecentNames recent)
    {
        ArgumentNullException.ThrowIfNull(recent);
        return RoomsText.GetName(ToValue, recent) ?? RoomsText.GetName(TargetValue, recent) ?? RoomsText.GetName(PeerValue, recent);
    }

    internal JsonValue Value { get; }

    internal JsonValue UserIdValue { get; init; }

    internal JsonValue RoomIdValue { get; init; }

    internal JsonValue TokenValue { get; init; }

    internal JsonValue UserNameValue { get; init; }

    internal JsonValue NameValue { get; init; }

    internal JsonValue RoomNameValue { get; init; }

    internal JsonValue FileIdValue { get; init; }

    internal JsonValue HostValue { get; init; }

    internal JsonValue ContentValue { get; init; }

    internal JsonValue VersionValue { get; init; }

    internal JsonValue ToValue { get; init; }

    internal JsonValue TargetValue { get; init; }

    internal JsonValue PeerValue { get; init; }

    internal JsonValue SdpValue { get; init; }

    internal JsonValue OfferValue { get; init; }

    internal JsonValue AnswerValue { get; init; }

    internal JsonValue CandidateValue { get; init; }
}
