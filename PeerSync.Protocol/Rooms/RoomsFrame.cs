using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>One frame of a client, as slices of the text it was read from. Identities are read by the form that means them.</summary>
public readonly ref struct RoomsFrame
{
    private readonly RoomsForm _spelling;

    internal RoomsFrame(
        (RoomsFrameType Type, RoomsForm Spelling) type,
        ReadOnlySpan<byte> text,
        JsonValue roomId,
        JsonValue userId,
        JsonValue from,
        JsonValue to,
        JsonValue target,
        RoomsData data)
    {
        Type = type.Type;
        _spelling = type.Spelling;
        Text = text;
        RoomIdValue = roomId;
        UserIdValue = userId;
        FromValue = from;
        ToValue = to;
        TargetValue = target;
        Data = data;
    }

    /// <summary>What it is.</summary>
    public RoomsFrameType Type { get; }

    /// <summary>The whole frame as sent.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>What stands in its member <c>data</c>; of the kind None without.</summary>
    public RoomsData Data { get; }

    /// <summary>Whether it has a top-level <c>from</c> that is a text or a number, of whatever value.</summary>
    public bool HasFrom => FromValue.Type is JsonTokenType.String or JsonTokenType.Number;

    /// <summary>Whether it has a top-level <c>roomId</c> that counts as true.</summary>
    public bool HasRoomId => RoomIdValue.IsTruthy;

    /// <summary>Whether it has a top-level <c>userId</c> that counts as true.</summary>
    public bool HasUserId => UserIdValue.IsTruthy;

    /// <summary>The top-level <c>roomId</c>; null when it is absent or no valid name (Rooms contract, section 2).</summary>
    public string? RoomId => RoomsText.GetName(RoomIdValue);

    /// <summary>The top-level <c>userId</c>; null when it is absent or no valid name.</summary>
    public string? UserId => RoomsText.GetName(UserIdValue);

    /// <summary><see cref="RoomId"/>, without a new text if it is the one that is known.</summary>
    public string? GetRoomId(string? known) => RoomsText.GetName(RoomIdValue, known);

    /// <summary><see cref="UserId"/>, without a new text if it is the one that is known.</summary>
    public string? GetUserId(string? known) => RoomsText.GetName(UserIdValue, known);

    /// <summary><see cref="From"/>, without a new text if it is the one that is known.</summary>
    public string? GetFrom(string? known) => RoomsText.GetName(FromValue, known);

    /// <summary>The top-level <c>from</c>; null when it is absent or no valid name.</summary>
    public string? From => RoomsText.GetName(FromValue);

    /// <summary>The member that the frame is for: <c>to</c>, then <c>targetUserId</c>, then what the data says; null when it names nobody.</summary>
    /// <param name="recent">Where names that come again are found.</param>
    public string? GetTarget(RecentNames recent)
    {
        ArgumentNullException.ThrowIfNull(recent);
        return RoomsText.GetName(ToValue, recent) ?? RoomsText.GetName(TargetValue, recent) ?? Data.GetTarget(recent);
    }

    /// <summary>The frame as a form knows it: of the type <see cref="RoomsFrameType.Unknown"/> where the form spells that type otherwise.</summary>
    public RoomsFrame For(RoomsForm form)
    {
        var own = form == RoomsForm.Collaboration ? RoomsForm.Readme : form;
        return _spelling == RoomsForm.Undecided || _spelling == own
            ? this
            : new RoomsFrame((RoomsFrameType.Unknown, _spelling), Text, RoomIdValue, UserIdValue, FromValue, ToValue, TargetValue, Data);
    }

    internal JsonValue RoomIdValue { get; }

    internal JsonValue UserIdValue { get; }

    internal JsonValue FromValue { get; }

    internal JsonValue ToValue { get; }

    internal JsonValue TargetValue { get; }
}
