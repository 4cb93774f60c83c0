using System.Buffers;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

public static partial class ShareReader
{
    private const Members RequiredOfWrap = Members.UserId | Members.DeviceId | Members.WrappedCek | Members.WrapIv;

    // The reader stands on the value.
    private static ShareReadStatus ReadWraps(ref Utf8JsonReader reader, int maxWraps, out WrappedKeys? wraps)
    {
        wraps = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return ShareReadStatus.Invalid;
        }

        var output = MessageBuffer.Rent();
        try
        {
            var recipients = new List<WrapRecipient>();
            var known = new HashSet<WrapRecipient>();
            var count = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (count == maxWraps)
                {
                    return ShareReadStatus.TooManyWraps;
                }

                if (count++ > 0)
                {
                    output.Write(","u8);
                }

                if (!TryReadWrap(ref reader, output, out var recipient))
                {
                    return ShareReadStatus.Invalid;
                }

                if (known.Add(recipient))
                {
                    recipients.Add(recipient);
                }
            }

            if (!TryTake(output, out var text))
            {
                return ShareReadStatus.Invalid;
            }

            wraps = new WrappedKeys(text, count, recipients);
            return ShareReadStatus.Read;
        }
        finally
        {
            output.Release();
        }
    }

    private static bool TryReadWrap(ref Utf8JsonReader reader, MessageBuffer output, out WrapRecipient recipient)
    {
        recipient = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        string? userId = null;
        string? deviceId = null;
        var seen = Members.None;
        output.Write("{"u8);
        while (NextMember(ref reader))
        {
            var member = WrapMember(ref reader);
            if (member == Members.None)
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            if (seen != Members.None)
            {
                output.Write(","u8);
            }

            JsonCompact.CopyName(ref reader, output);
            reader.Read();
            var isValid = TryMark(ref seen, member) && member switch
            {
                Members.UserId => TryReadText(ref reader, out userId),
                Members.DeviceId => TryReadText(ref reader, out deviceId) && IsDeviceId(deviceId),
                Members.SenderKey => true,
                _ => reader.TokenType == JsonTokenType.String,
            };
            if (!isValid)
            {
                return false;
            }

            JsonCompact.CopyValue(ref reader, output);
        }

        output.Write("}"u8);
        recipient = new WrapRecipient(userId ?? string.Empty, deviceId ?? string.Empty);
        return (seen & RequiredOfWrap) == RequiredOfWrap;
    }

    private static Members WrapMember(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("recipientUserId"u8) ? Members.UserId
        : reader.ValueTextEquals("recipientDeviceId"u8) ? Members.DeviceId
        : reader.ValueTextEquals("senderEphemeralPublicKeyJwk"u8) ? Members.SenderKey
        : reader.ValueTextEquals("wrappedCekB64u"u8) ? Members.WrappedCek
        : reader.ValueTextEquals("wrapIvB64u"u8) ? Members.WrapIv
        : Members.None;

    private static bool TryReadMetadata(ref Utf8JsonReader reader, bool keepsFileContent, out Metadata? metadata)
    {
        metadata = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var listed = MessageBuffer.Rent();
        var whole = MessageBuffer.Rent();
        try
        {
            string? title = null;
            string? teamId = null;
            var seen = Members.None;
            var hasFileContent = false;
            while (NextMember(ref reader))
            {
                var isFileContent = reader.ValueTextEquals("fullFileContent"u8);
                if (isFileContent && !keepsFileContent)
                {
                    reader.Read();
                    reader.Skip();
                    continue;
                }

                var member = reader.ValueTextEquals("title"u8) ? Members.Title : reader.ValueTextEquals("teamId"u8) ? Members.TeamId : Members.None;
                whole.Write(whole.Length == 0 ? "{"u8 : ","u8);
                var start = whole.Length;
                JsonCompact.CopyName(ref reader, whole);
                reader.Read();
                var isValid = member switch
                {
                    Members.Title => TryMark(ref seen, member) && TryReadText(ref reader, out title) && title.Length > 0,
                    Members.TeamId => TryMark(ref seen, member) && TryReadText(ref reader, out teamId),
                    _ => true,
                };
                if (!isValid)
                {
                    return false;
                }

                JsonCompact.CopyValue(ref reader, whole);
                if (isFileContent)
                {
                    hasFileContent = true;
                    continue;
                }

                listed.Write(listed.Length == 0 ? "{"u8 : ","u8);
                listed.Write(whole.Span[start..]);
            }

            listed.Write("}"u8);
            whole.Write("}"u8);
            string? wholeText = null;
            if (title is null || !TryTake(listed, out var listedText) || (hasFileContent && !TryTake(whole, out wholeText)))
            {
                return false;
            }

            metadata = new Metadata(listedText, wholeText, title, teamId);
            return true;
        }
        finally
        {
            listed.Release();
            whole.Release();
        }
    }
}
