using System.Buffers;
using System.Globalization;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Calls;

/// <summary>Writes the argument of each of the server's events (Calls contract, section 5.3). The names are in <see cref="CallsEventNames"/>.</summary>
/// <remarks>Pure functions, safe on any thread. Times are Unix milliseconds.</remarks>
public static class CallsWriter
{
    // From here on a double is not exact to one, and is written as it prints.
    private const double MaxInteger = 9_007_199_254_740_991;

    /// <summary><c>connected</c></summary>
    public static void Connected(IBufferWriter<byte> output, string deviceId, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"deviceId\":"u8);
        output.WriteString(deviceId);
        output.Write(",\"timestamp\":"u8);
        EndWith(output, now);
    }

    /// <summary><c>queue-joined</c></summary>
    /// <param name="output">Takes the argument.</param>
    /// <param name="position">From 1.</param>
    /// <param name="poolSize">How many wait, the newcomer included.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="isPremium">Whether the device has paid.</param>
    public static void QueueJoined(IBufferWriter<byte> output, int position, int poolSize, long now, bool isPremium)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"position\":"u8);
        output.WriteInteger(position);
        output.Write(",\"queueLength\":"u8);
        output.WriteInteger(poolSize);
        output.Write(",\"timestamp\":"u8);
        output.WriteInteger(now);
        output.Write(isPremium ? ",\"isPremium\":true}"u8 : ",\"isPremium\":false}"u8);
    }

    /// <summary><c>queue-update</c>; the pool's size and the next relaxation are ours, and left out where there is none.</summary>
    /// <param name="output">Takes the argument.</param>
    /// <param name="position">From 1.</param>
    /// <param name="estimatedWait">What is left to wait, probably.</param>
    /// <param name="poolSize">How many wait.</param>
    /// <param name="nextRelaxation">What will be relaxed next, in the words of docs/spec/calls.md; null for nothing.</param>
    /// <param name="nextRelaxationIn">When; counts only with the former.</param>
    public static void QueueUpdate(
        IBufferWriter<byte> output, int position, TimeSpan estimatedWait, int poolSize, string? nextRelaxation, TimeSpan nextRelaxationIn)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"position\":"u8);
        output.WriteInteger(position);
        output.Write(",\"estimatedWaitTime\":"u8);
        output.WriteInteger(Seconds(estimatedWait));
        output.Write(",\"queueLength\":"u8);
        output.WriteInteger(poolSize);
        if (nextRelaxation is not null)
        {
            output.Write(",\"nextRelaxation\":"u8);
            output.WriteString(nextRelaxation);
            output.Write(",\"nextRelaxationIn\":"u8);
            output.WriteInteger(Seconds(nextRelaxationIn));
        }

        output.Write("}"u8);
    }

    /// <summary><c>queue-left</c></summary>
    public static void QueueLeft(IBufferWriter<byte> output, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"timestamp\":"u8);
        EndWith(output, now);
    }

    /// <summary><c>matched</c></summary>
    /// <param name="output">Takes the argument.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="matchedAt">Unix milliseconds; the same for both sides.</param>
    /// <param name="score">0 to 100.</param>
    /// <param name="commonInterests">Those of both.</param>
    /// <param name="peerId">The other side, as the receiver may know it.</param>
    public static void Matched(IBufferWriter<byte> output, string sessionId, long matchedAt, int score, IReadOnlyList<string> commonInterests, string peerId)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(commonInterests);
        Begin(output, sessionId);
        output.Write(",\"timestamp\":"u8);
        output.WriteInteger(matchedAt);
        output.Write(",\"compatibilityScore\":"u8);
        output.WriteInteger(score);
        output.Write(",\"commonInterests\":"u8);
        Texts(output, commonInterests);
        EndWith(output, ",\"peerId\":"u8, peerId);
    }

    /// <summary><c>offer</c>, <c>answer</c> and <c>candidate</c></summary>
    /// <param name="output">Takes the argument.</param>
    /// <param name="sent">By which event the signal came.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="data">The signal's JSON, which goes on unchanged.</param>
    /// <param name="from">The sender, as the receiver may know it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The event carries no signal.</exception>
    public static void Signal(IBufferWriter<byte> output, CallsClientEvent sent, string sessionId, ReadOnlySpan<byte> data, string from)
    {
        ArgumentNullException.ThrowIfNull(output);
        var name = CallsEventNames.Signal(sent);
        Begin(output, sessionId);
        output.Write(","u8);
        output.WriteString(name);
        output.Write(":"u8);
        output.Write(data);
        EndWith(output, ",\"from\":"u8, from);
    }

    /// <summary><c>message</c></summary>
    public static void Message(IBufferWriter<byte> output, CallsMessage message, string from)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(message);
        Begin(output, message.SessionId);
        output.Write(",\"message\":"u8);
        output.WriteString(message.Message);
        if (message.Sender is not null)
        {
            output.Write(",\"sender\":"u8);
            output.WriteString(message.Sender);
        }

        output.Write(",\"timestamp\":"u8);
        Number(output, message.Timestamp);
        EndWith(output, ",\"from\":"u8, from);
    }

    /// <summary><c>reaction</c></summary>
    public static void Reaction(IBufferWriter<byte> output, CallsReaction reaction, string from)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(reaction);
        Begin(output, reaction.SessionId);
        output.Write(",\"emoji\":"u8);
        output.WriteString(reaction.Emoji);
        output.Write(",\"timestamp\":"u8);
        Number(output, reaction.Timestamp);
        EndWith(output, ",\"from\":"u8, from);
    }

    /// <summary><c>peer-disconnected</c> and <c>call-ended</c></summary>
    public static void Session(IBufferWriter<byte> output, string sessionId)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, sessionId);
        output.Write("}"u8);
    }

    /// <summary><c>match-details</c></summary>
    /// <param name="output">Takes the argument.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="score">0 to 100; null where nothing is known of the session.</param>
    /// <param name="commonInterests">Those of both.</param>
    public static void MatchDetails(IBufferWriter<byte> output, string sessionId, int? score, IReadOnlyList<string> commonInterests)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(commonInterests);
        Begin(output, sessionId);
        output.Write(",\"compatibilityScore\":"u8);
        if (score is { } value)
        {
            output.WriteInteger(value);
        }
        else
        {
            output.Write("null"u8);
        }

        output.Write(",\"commonInterests\":"u8);
        Texts(output, commonInterests);
        output.Write("}"u8);
    }

    /// <summary>
    /// <c>error</c> or <c>exception</c>, whichever <see cref="CallsError.EventName"/> says. An error carries its code; an exception is as the original's.
    /// </summary>
    public static void Error(IBufferWriter<byte> output, CallsError error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (error.IsException)
        {
            EndWith(output, "{\"status\":\"error\",\"message\":"u8, error.Message);
            return;
        }

        output.Write("{\"message\":"u8);
        output.WriteString(error.Message);
        EndWith(output, ",\"code\":"u8, error.Code);
    }

    /// <summary><c>moderation-warning</c></summary>
    public static void ModerationWarning(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"type\":\"warning\",\"message\":\"Please be mindful of community guidelines.\",\"severity\":\"medium\"}"u8);
    }

    /// <summary><c>moderation-action</c></summary>
    /// <param name="output">Takes the argument.</param>
    /// <param name="sanction">Its type; all but <see cref="CallsSanction.Restricted"/> are severe.</param>
    /// <param name="message">What to show.</param>
    public static void ModerationAction(IBufferWriter<byte> output, CallsSanction sanction, string message)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"type\":"u8);
        output.Write(sanction switch
        {
            CallsSanction.Warning => "\"warning\""u8,
            CallsSanction.Restriction => "\"restriction\""u8,
            CallsSanction.Ban => "\"ban\""u8,
            _ => "\"restricted\""u8,
        });
        output.Write(",\"message\":"u8);
        output.WriteString(message);
        output.Write(sanction == CallsSanction.Restricted ? "}"u8 : ",\"severity\":\"high\"}"u8);
    }

    private static void Begin(IBufferWriter<byte> output, string sessionId)
    {
        output.Write("{\"sessionId\":"u8);
        output.WriteString(sessionId);
    }

    private static void EndWith(IBufferWriter<byte> output, long number)
    {
        output.WriteInteger(number);
        output.Write("}"u8);
    }

    private static void EndWith(IBufferWriter<byte> output, ReadOnlySpan<byte> name, string text)
    {
        output.Write(name);
        output.WriteString(text);
        output.Write("}"u8);
    }

    private static void Texts(IBufferWriter<byte> output, IReadOnlyList<string> texts)
    {
        output.Write("["u8);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.WriteString(texts[i]);
        }

        output.Write("]"u8);
    }

    private static void Number(IBufferWriter<byte> output, double number)
    {
        if (Math.Abs(number) <= MaxInteger && number == Math.Truncate(number))
        {
            output.WriteInteger((long)number);
            return;
        }

        Span<byte> digits = stackalloc byte[32];
        _ = number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        output.Write(digits[..length]);
    }

    private static long Seconds(TimeSpan time) => Math.Max(0, (long)Math.Ceiling(time.TotalSeconds));
}
