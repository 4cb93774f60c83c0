using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Calls;

/// <summary>Reads the arguments of the client's events and checks them by the original's rules, in its words (Calls contract, sections 5.1 and 5.2).</summary>
/// <remarks>
/// Pure functions over the bytes given, safe on any thread. Nothing a client sends makes them throw. An argument that is missing or no object counts as an
/// empty object. Where a member stands several times, the last one counts; null counts as absent.
/// </remarks>
public static partial class CallsReader
{
    /// <summary>The most interests of one device.</summary>
    public const int MaxInterests = 20;

    /// <summary>The most bytes of an offer or an answer.</summary>
    public const int MaxDescriptionLength = 64 * 1024;

    /// <summary>The most bytes of a candidate.</summary>
    public const int MaxCandidateLength = 4 * 1024;

    /// <summary>The longest session id, in characters.</summary>
    public const int MaxSessionIdLength = 100;

    private const int MaxRegionLength = 50;
    private const int MaxLanguageLength = 10;
    private const int MaxInterestLength = 30;
    private const int MaxMessageLength = 2000;
    private const int MaxSenderLength = 50;
    private const int MaxEmojiLength = 10;

    /// <summary>Reads the argument of <c>join-queue</c>. An empty gender, region or language counts as absent.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="join">What it says, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadJoinQueue(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out JoinRequest? join, [NotNullWhen(false)] out CallsError? error)
    {
        join = null;
        if (!TryOpen(argument, out var json, out error))
        {
            return false;
        }

        JsonValue region = default, language = default, gender = default, preference = default, interests = default, queueType = default;
        JsonValue native = default, learning = default, preferences = default;
        var rules = default(CallsRules);
        var reader = Begin(json);
        while (JsonName.TryRead(ref reader, out var name))
        {
            var value = JsonValue.Read(ref reader, json);
            if (!(Slot(name, value, "region"u8, ref region) || Slot(name, value, "language"u8, ref language) || Slot(name, value, "gender"u8, ref gender)
                || Slot(name, value, "genderPreference"u8, ref preference) || Slot(name, value, "interests"u8, ref interests)
                || Slot(name, value, "queueType"u8, ref queueType) || Slot(name, value, "nativeLanguage"u8, ref native)
                || Slot(name, value, "learningLanguage"u8, ref learning) || Slot(name, value, "preferences"u8, ref preferences)))
            {
                rules.Unknown(name);
            }
        }

        var defaults = JoinRequest.Default;
        var read = new JoinRequest(
            OptionalText(ref rules, region, "region", MaxRegionLength) ?? defaults.Region,
            OptionalText(ref rules, language, "language", MaxLanguageLength) ?? defaults.Language,
            Gender(ref rules, gender),
            Preference(ref rules, preference),
            Interests(ref rules, interests),
            Queue(ref rules, queueType),
            OptionalText(ref rules, native, "nativeLanguage", MaxLanguageLength),
            OptionalText(ref rules, learning, "learningLanguage", MaxLanguageLength));
        if (!IsAbsent(preferences) && preferences.Type != JsonTokenType.StartObject)
        {
            rules.Member();
            rules.Break("preferences must be an object");
        }

        error = rules.Error;
        join = error is null ? read : null;
        return error is null;
    }

    /// <summary>Reads the argument of <c>send-offer</c>, <c>send-answer</c> or <c>send-candidate</c>.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="sent">Which of them; its <c>type</c> member is checked but, as in the original, not compared with it.</param>
    /// <param name="signal">What it says, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadSignal(
        ReadOnlySpan<byte> argument, CallsClientEvent sent, [NotNullWhen(true)] out CallsSignal? signal, [NotNullWhen(false)] out CallsError? error)
    {
        signal = null;
        if (!TryOpen(argument, out var json, out error))
        {
            return false;
        }

        JsonValue sessionId = default, type = default, data = default;
        var end = 0;
        var rules = default(CallsRules);
        var reader = Begin(json);
        while (JsonName.TryRead(ref reader, out var name))
        {
            var value = JsonValue.Read(ref reader, json);
            if (Slot(name, value, "data"u8, ref data))
            {
                end = (int)reader.BytesConsumed;
            }
            else if (!(Slot(name, value, "sessionId"u8, ref sessionId) || Slot(name, value, "type"u8, ref type)))
            {
                rules.Unknown(name);
            }
        }

        var session = SessionId(ref rules, sessionId);
        rules.Member();
        if (!(type.IsText("offer"u8) || type.IsText("answer"u8) || type.IsText("candidate"u8)))
        {
            rules.OneOf("type", "offer", "answer", "candidate");
            if (!type.IsString)
            {
                rules.Break("type must be a string");
            }
        }

        rules.Member();
        if (data.Type != JsonTokenType.StartObject)
        {
            rules.Break("data must be an object");
        }

        var limit = sent == CallsClientEvent.SendCandidate ? MaxCandidateLength : MaxDescriptionLength;
        error = rules.Error ?? (data.Text.Length > limit ? CallsError.SignalTooLarge : null);
        signal = error is null ? new CallsSignal(session, (end - data.Text.Length)..end) : null;
        return error is null;
    }

    /// <summary>Reads the argument of <c>send-message</c> and sanitises it.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="message">What it says, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadMessage(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out CallsMessage? message, [NotNullWhen(false)] out CallsError? error)
    {
        message = null;
        if (!TryOpen(argument, out var json, out error))
        {
            return false;
        }

        JsonValue sessionId = default, text = default, sender = default, timestamp = default;
        var rules = default(CallsRules);
        var reader = Begin(json);
        while (JsonName.TryRead(ref reader, out var name))
        {
            var value = JsonValue.Read(ref reader, json);
            if (!(Slot(name, value, "sessionId"u8, ref sessionId) || Slot(name, value, "message"u8, ref text) || Slot(name, value, "sender"u8, ref sender)
                || Slot(name, value, "timestamp"u8, ref timestamp)))
            {
                rules.Unknown(name);
            }
        }

        var session = SessionId(ref rules, sessionId);
        rules.Member();
        var sanitised = Sanitised(text);
        rules.Length("message", sanitised, 1, MaxMessageLength);
        string? from = null;
        if (!IsAbsent(sender))
        {
            rules.Member();
            from = Sanitised(sender);
            rules.Length("sender", from, 0, MaxSenderLength);
        }

        var sentAt = Number(ref rules, timestamp, "timestamp");
        error = rules.Error;
        message = error is null ? new CallsMessage(session, sanitised!, from, sentAt) : null;
        return error is null;
    }

    /// <summary>Reads the argument of <c>send-reaction</c>.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="reaction">What it says, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadReaction(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out CallsReaction? reaction, [NotNullWhen(false)] out CallsError? error)
    {
        reaction = null;
        if (!TryOpen(argument, out var json, out error))
        {
            return false;
        }

        JsonValue sessionId = default, emoji = default, timestamp = default;
        var rules = default(CallsRules);
        var reader = Begin(json);
        while (JsonName.TryRead(ref reader, out var name))
        {
            var value = JsonValue.Read(ref reader, json);
            if (!(Slot(name, value, "sessionId"u8, ref sessionId) || Slot(name, value, "emoji"u8, ref emoji) || Slot(name, value, "timestamp"u8, ref timestamp)))
            {
                rules.Unknown(name);
            }
        }

        var session = SessionId(ref rules, sessionId);
        rules.Member();
        var text = emoji.GetText();
        if (text is null || !CallsEmoji.IsReaction(text))
        {
            rules.Break("emoji must be a valid emoji character");
        }

        rules.Length("emoji", text, 0, MaxEmojiLength);
        var sentAt = Number(ref rules, timestamp, "timestamp");
        error = rules.Error;
        reaction = error is null ? new CallsReaction(session, text!, sentAt) : null;
        return error is null;
    }

    /// <summary>Reads the argument of <c>end-call</c>. Members that it does not know are ignored, and anything that JavaScript takes as true is a skip.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="end">What it says, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadEndCall(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out EndCall? end, [NotNullWhen(false)] out CallsError? error)
    {
        end = null;
        if (!TryReadSession(argument, "wasSkipped"u8, default, out var session, out var wasSkipped, out _, out error))
        {
            return false;
        }

        end = new EndCall(session, wasSkipped.IsTruthy);
        return true;
    }

    /// <summary>Reads the argument of <c>get-match-details</c>. Members that it does not know are ignored.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="sessionId">The session it asks for, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadMatchDetails(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out string? sessionId, [NotNullWhen(false)] out CallsError? error) =>
        TryReadSession(argument, default, default, out sessionId, out _, out _, out error);

    /// <summary>Reads the argument of <c>connection-status</c>. Members that it does not know are ignored.</summary>
    /// <param name="argument">The argument's JSON; empty when there is none.</param>
    /// <param name="status">What it says, when it keeps the rules.</param>
    /// <param name="error">What to answer, when it does not.</param>
    public static bool TryReadConnectionStatus(
        ReadOnlySpan<byte> argument, [NotNullWhen(true)] out ConnectionStatus? status, [NotNullWhen(false)] out CallsError? error)
    {
        status = null;
        if (!TryReadSession(argument, "status"u8, "connectionTime"u8, out var session, out var state, out var time, out error))
        {
            return false;
        }

        var rules = default(CallsRules);
        var isConnected = state.IsText("connected"u8);
        if (!isConnected && !state.IsText("failed"u8))
        {
            rules.OneOf("status", "connected", "failed");
        }

        double? connectionTime = IsAbsent(time) ? null : Number(ref rules, time, "connectionTime");
        error = rules.Error;
        status = error is null ? new ConnectionStatus(session, isConnected, connectionTime) : null;
        return error is null;
    }

    private static bool TryReadSession(
        ReadOnlySpan<byte> argument,
        ReadOnlySpan<byte> firstName,
        ReadOnlySpan<byte> secondName,
        [NotNullWhen(true)] out string? session,
        out JsonValue first,
        out JsonValue second,
        [NotNullWhen(false)] out CallsError? error)
    {
        session = null;
        first = default;
        second = default;
        if (!TryOpen(argument, out var json, out error))
        {
            return false;
        }

        JsonValue sessionId = default;
        var reader = Begin(json);
        while (JsonName.TryRead(ref reader, out var name))
        {
            var value = JsonValue.Read(ref reader, json);
            _ = Slot(name, value, "sessionId"u8, ref sessionId) || Slot(name, value, firstName, ref first) || Slot(name, value, secondName, ref second);
        }

        var rules = default(CallsRules);
        var text = SessionId(ref rules, sessionId);
        error = rules.Error;
        session = error is null ? text : null;
        return error is null;
    }
}
