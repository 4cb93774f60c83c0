using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PeerSync.Protocol.Buffers;

namespace PeerSync.Protocol.Sharing;

/// <summary>Reads the bodies that shares and wrapped keys come in (Sharing contract, section 5), in one pass over the bytes as they were received.</summary>
/// <remarks>
/// Pure functions, safe on any thread; nothing that a client sends makes them throw. A member that the contract names may come once only, so that no two readers of
/// one body can differ about which of two it means.
/// </remarks>
public static partial class ShareReader
{
    /// <summary>How deep a body may nest.</summary>
    public const int MaxDepth = 128;

    /// <summary>The longest device id in characters.</summary>
    public const int MaxDeviceIdLength = 128;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };
    private static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    [Flags]
    private enum Members
    {
        None = 0,
        Ciphertext = 1 << 0,
        Iv = 1 << 1,
        Aad = 1 << 2,
        Wraps = 1 << 3,
        Metadata = 1 << 4,
        Lifetime = 1 << 5,
        ExpiresAt = 1 << 6,
        Title = 1 << 7,
        TeamId = 1 << 8,
        UserId = 1 << 9,
        DeviceId = 1 << 10,
        SenderKey = 1 << 11,
        WrappedCek = 1 << 12,
        WrapIv = 1 << 13,
    }

    /// <summary>Reads the body of a new share.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="maxWraps">How many wrapped keys are allowed.</param>
    /// <param name="keepsFileContent">Whether the metadata keeps <c>fullFileContent</c>.</param>
    /// <param name="share">The share, where it was read.</param>
    public static ShareReadStatus ReadShare(ReadOnlySequence<byte> body, int maxWraps, bool keepsFileContent, out ShareBody? share)
    {
        share = null;
        try
        {
            var reader = Open(body);
            return ReadShare(ref reader, maxWraps, keepsFileContent, out share);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            return ShareReadStatus.Invalid;
        }
    }

    /// <summary>Reads a body whose wrapped keys are added to a share's.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="maxWraps">How many wrapped keys are allowed.</param>
    /// <param name="wraps">The wrapped keys, where they were read.</param>
    public static ShareReadStatus ReadWraps(ReadOnlySequence<byte> body, int maxWraps, out WrappedKeys? wraps)
    {
        wraps = null;
        WrappedKeys? read = null;
        var seen = Members.None;
        try
        {
            var reader = Open(body);
            var isObject = IsObject(ref reader);
            while (isObject && NextMember(ref reader))
            {
                var isWraps = reader.ValueTextEquals("wrappedKeys"u8);
                reader.Read();
                if (!isWraps)
                {
                    reader.Skip();
                    continue;
                }

                var status = TryMark(ref seen, Members.Wraps) ? ReadWraps(ref reader, maxWraps, out read) : ShareReadStatus.Invalid;
                if (status != ShareReadStatus.Read)
                {
                    return status;
                }
            }

            if (read is null || reader.Read())
            {
                return ShareReadStatus.Invalid;
            }
        }
        catch (Exception exception) when (IsFault(exception))
        {
            return ShareReadStatus.Invalid;
        }

        wraps = read;
        return ShareReadStatus.Read;
    }

    /// <summary>Reads a body that asks for wrapped keys: an object that may name the device which misses them, or nothing.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="deviceId">The device; null where none is named.</param>
    /// <returns>False where it is neither.</returns>
    public static bool TryReadRequest(ReadOnlySequence<byte> body, out string? deviceId)
    {
        deviceId = null;
        if (body.IsEmpty)
        {
            return true;
        }

        string? named = null;
        try
        {
            var reader = Open(body);
            var seen = Members.None;
            var isValid = IsObject(ref reader);
            while (isValid && NextMember(ref reader))
            {
                var isDevice = reader.ValueTextEquals("deviceId"u8);
                reader.Read();
                if (isDevice)
                {
                    isValid = TryMark(ref seen, Members.DeviceId) && TryReadText(ref reader, out named) && IsDeviceId(named);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (!isValid || reader.Read())
            {
                return false;
            }
        }
        catch (Exception exception) when (IsFault(exception))
        {
            return false;
        }

        deviceId = named;
        return true;
    }

    private static ShareReadStatus ReadShare(ref Utf8JsonReader reader, int maxWraps, bool keepsFileContent, out ShareBody? share)
    {
        share = null;
        string? ciphertext = null;
        string? iv = null;
        string? aad = null;
        WrappedKeys? wraps = null;
        Metadata? metadata = null;
        TimeSpan? lifetime = null;
        DateTimeOffset? expiresAt = null;
        var seen = Members.None;
        if (!IsObject(ref reader))
        {
            return ShareReadStatus.Invalid;
        }

        while (NextMember(ref reader))
        {
            var member = ShareMember(ref reader);
            reader.Read();
            if (member == Members.None)
            {
                reader.Skip();
                continue;
            }

            var status = ShareReadStatus.Invalid;
            var isValid = TryMark(ref seen, member) && member switch
            {
                Members.Ciphertext => TryReadText(ref reader, out ciphertext),
                Members.Iv => TryReadText(ref reader, out iv),
                Members.Aad => TryReadText(ref reader, out aad),
                Members.Wraps => (status = ReadWraps(ref reader, maxWraps, out wraps)) == ShareReadStatus.Read,
                Members.Metadata => TryReadMetadata(ref reader, keepsFileContent, out metadata),
                Members.Lifetime => TryReadLifetime(ref reader, out lifetime),
                _ => TryReadTime(ref reader, out expiresAt),
            };
            if (!isValid)
            {
                return status;
            }
        }

        // The end is asked for too: it throws where something follows.
        if (ciphertext is null || iv is null || wraps is null || (lifetime is not null && expiresAt is not null) || reader.Read())
        {
            return ShareReadStatus.Invalid;
        }

        share = new ShareBody(
            ciphertext, iv, aad, wraps, metadata?.Listed ?? "{}", metadata?.Whole, metadata?.Title, metadata?.TeamId, lifetime, expiresAt);
        return ShareReadStatus.Read;
    }

    private static Members ShareMember(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("ciphertextB64u"u8) ? Members.Ciphertext
        : reader.ValueTextEquals("ivB64u"u8) ? Members.Iv
        : reader.ValueTextEquals("aad"u8) ? Members.Aad
        : reader.ValueTextEquals("wrappedKeys"u8) ? Members.Wraps
        : reader.ValueTextEquals("metadata"u8) ? Members.Metadata
        : reader.ValueTextEquals("expiresInMs"u8) ? Members.Lifetime
        : reader.ValueTextEquals("expiresAt"u8) ? Members.ExpiresAt
        : Members.None;

    private static bool TryReadLifetime(ref Utf8JsonReader reader, out TimeSpan? lifetime)
    {
        lifetime = null;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var milliseconds)
            || milliseconds < MinLifetime.TotalMilliseconds || milliseconds > MaxLifetime.TotalMilliseconds)
        {
            return false;
        }

        lifetime = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    // As toISOString writes it: a time without its zone would be the server's own.
    private static bool TryReadTime(ref Utf8JsonReader reader, out DateTimeOffset? time)
    {
        time = null;
        if (reader.TokenType != JsonTokenType.String || reader.GetString()?.EndsWith('Z') is not true || !reader.TryGetDateTimeOffset(out var read))
        {
            return false;
        }

        time = read.ToUniversalTime();
        return true;
    }

    private static Utf8JsonReader Open(ReadOnlySequence<byte> body)
    {
        var preamble = Encoding.UTF8.Preamble;
        Span<byte> head = stackalloc byte[preamble.Length];
        if (body.Length >= preamble.Length)
        {
            body.Slice(0, preamble.Length).CopyTo(head);
            body = head.SequenceEqual(preamble) ? body.Slice(preamble.Length) : body;
        }

        return new Utf8JsonReader(body, Options);
    }

    private static bool IsObject(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartObject;

    private static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static bool TryMark(ref Members seen, Members member)
    {
        var isNew = (seen & member) == 0;
        seen |= member;
        return isNew;
    }

    // Text that UTF-8 cannot carry makes GetString throw; U+0000 cannot be kept by every database.
    private static bool TryReadText(ref Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text is not null && !text.Contains('\0');
    }

    private static bool IsDeviceId(string text) => text.Length is > 0 and <= MaxDeviceIdLength;

    private static bool IsFault(Exception exception) => exception is JsonException or InvalidOperationException;

    private static bool TryTake(MessageBuffer buffer, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(buffer.Span) ? Encoding.UTF8.GetString(buffer.Span) : null;
        return text is not null;
    }

    private sealed record Metadata(string Listed, string? Whole, string? Title, string? TeamId);
}
