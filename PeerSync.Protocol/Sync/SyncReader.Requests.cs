using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

public static partial class SyncReader
{
    private const int PairingCodeLength = 6;

    /// <summary>Reads <c>replay_request</c>, whose fields may stand in <c>payload</c> or beside it; those in <c>payload</c> win.</summary>
    /// <param name="envelope">A message of that type.</param>
    /// <returns>The request. A field of a wrong type counts as not given, as does a token that is longer than any that the server issues.</returns>
    public static ReplayRequest ReadReplayRequest(in SyncEnvelope envelope)
    {
        int? limit = null;
        string? token = null;
        ReadReplayFields(envelope.Body, ref limit, ref token);
        ReadReplayFields(envelope.Message.TrimStart(" \t\r\n"u8), ref limit, ref token);
        return new ReplayRequest(limit ?? ReplayRequest.DefaultLimit, token);
    }

    /// <summary>Reads the <c>device_seq</c> of an <c>ack</c>.</summary>
    /// <param name="envelope">A message of that type.</param>
    /// <returns>The number, 0 to 2^53 - 1; null when there is none.</returns>
    public static long? ReadAckDeviceSeq(in SyncEnvelope envelope)
    {
        long? deviceSeq = null;
        var reader = OpenObject(envelope.Body);
        while (JsonMember.TryRead(ref reader, envelope.Body, out var member))
        {
            if (member.Name.Is("device_seq"u8))
            {
                deviceSeq = SyncText.TryGetNumber(member.Value, out var number) && double.IsInteger(number) && number is >= 0 and <= SyncText.MaxSafeInteger
                    ? (long)number
                    : null;
            }
        }

        return deviceSeq;
    }

    /// <summary>Reads the code of a <c>complete_pairing</c>.</summary>
    /// <param name="envelope">A message of that type.</param>
    /// <returns>Six decimal digits; null when there is no such code.</returns>
    public static string? ReadPairingCode(in SyncEnvelope envelope)
    {
        string? code = null;
        var reader = OpenObject(envelope.Body);
        while (JsonMember.TryRead(ref reader, envelope.Body, out var member))
        {
            if (member.Name.Is("pairing_code"u8))
            {
                code = ReadPairingCode(member.Value);
            }
        }

        return code;
    }

    private static string? ReadPairingCode(JsonValue value)
    {
        if (!value.IsString)
        {
            return null;
        }

        Span<char> text = stackalloc char[PairingCodeLength + 1];
        text = text[..value.GetTextPrefix(text)];
        return text.Length == PairingCodeLength && !text.ContainsAnyExceptInRange('0', '9') ? new string(text) : null;
    }

    private static void ReadReplayFields(ReadOnlySpan<byte> json, ref int? limit, ref string? token)
    {
        int? limitHere = null;
        string? tokenHere = null;
        var reader = OpenObject(json);
        while (JsonMember.TryRead(ref reader, json, out var member))
        {
            if (member.Name.Is("limit"u8))
            {
                limitHere = SyncText.TryGetNumber(member.Value, out var number) ? (int)Math.Clamp(number, 1, ReplayRequest.MaxLimit) : null;
            }
            else if (member.Name.Is("continuation_token"u8))
            {
                tokenHere = member.Value.IsString && member.Value.Text.Length <= ContinuationToken.MaxJsonLength ? member.Value.GetText() : null;
            }
        }

        limit ??= limitHere;
        token ??= tokenHere;
    }
}
