using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Protocol.Peers;

public static partial class PeersReader
{
    private const string BearerPrefix = "Bearer ";
    private const int PublicKeyTextLength = 44;

    /// <summary>Reads the token of AUTH, without its optional <c>Bearer </c> prefix (this case, one space).</summary>
    /// <param name="envelope">An <see cref="PeersEvent.Auth"/>.</param>
    /// <param name="token">The token; it may be empty when there was nothing but the prefix.</param>
    /// <returns>Missing: <see cref="PeersError.TokenMissing"/>. NotAString: <see cref="PeersError.TokenInvalid"/>.</returns>
    public static PeersFieldStatus ReadAuth(in PeersEnvelope envelope, out string token)
    {
        var status = ReadText(envelope, "token"u8, out token);

        // The status is asked first because of a fault in the runtime's optimizer (10.0.12): with the status still unused here, it compares the
        // token before the call that writes it, and finds null.
        if (status == PeersFieldStatus.Text && token.StartsWith(BearerPrefix, StringComparison.Ordinal))
        {
            token = token[BearerPrefix.Length..];
        }

        return status;
    }

    /// <summary>Reads the profile of PEER_REGISTER. Nothing is refused: what is missing, empty or no string takes its default.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.PeerRegister"/>.</param>
    /// <param name="defaultDisplayName">The display name of the user's token.</param>
    /// <param name="maxDisplayNameLength">The longest display name in UTF-16 code units; a longer one is cut, but never within a surrogate pair.</param>
    /// <remarks>
    /// Control characters are removed and lone surrogates replaced, in the default name too. A public key counts only as base64 of exactly 32 bytes.
    /// </remarks>
    public static PeerProfile ReadPeerRegister(in PeersEnvelope envelope, string defaultDisplayName, int maxDisplayNameLength)
    {
        ArgumentNullException.ThrowIfNull(defaultDisplayName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDisplayNameLength);
        string? displayName = null;
        string? role = null;
        string? ide = null;
        string? publicKey = null;
        var reader = OpenObject(envelope.Data);
        while (JsonMember.TryRead(ref reader, envelope.Data, out var member))
        {
            if (member.Name.Is("displayName"u8))
            {
                displayName = member.Value.GetText();
            }
            else if (member.Name.Is("role"u8))
            {
                role = member.Value.GetText();
            }
            else if (member.Name.Is("ide"u8))
            {
                ide = member.Value.GetText();
            }
            else if (member.Name.Is("publicKey"u8))
            {
                publicKey = member.Value.GetText();
            }
        }

        var fallback = CleanOr(defaultDisplayName, PeerProfile.DefaultDisplayName, maxDisplayNameLength);
        return new PeerProfile(
            CleanOr(displayName, fallback, maxDisplayNameLength),
            CleanOr(role, PeerProfile.DefaultRole, PeerProfile.MaxLabelLength),
            CleanOr(ide, PeerProfile.DefaultIde, PeerProfile.MaxLabelLength),
            IsPublicKey(publicKey) ? publicKey : null);
    }

    /// <summary>Reads the filter of DISCOVER_PEERS.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.DiscoverPeers"/>.</param>
    /// <remarks>A role or editor that is empty or no string filters nothing; <c>lanOnly</c> is judged as JavaScript does.</remarks>
    public static PeersFilter ReadDiscoverPeers(in PeersEnvelope envelope)
    {
        string? role = null;
        string? ide = null;
        var lanOnly = false;
        var reader = OpenObject(envelope.Data);
        while (JsonMember.TryRead(ref reader, envelope.Data, out var member))
        {
            if (member.Name.Is("role"u8))
            {
                role = member.Value.GetText();
            }
            else if (member.Name.Is("ide"u8))
            {
                ide = member.Value.GetText();
            }
            else if (member.Name.Is("lanOnly"u8))
            {
                lanOnly = member.Value.IsTruthy;
            }
        }

        return new PeersFilter(string.IsNullOrEmpty(role) ? null : role, string.IsNullOrEmpty(ide) ? null : ide, lanOnly);
    }

    /// <summary>Reads the target of CONNECTION_REQUEST.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.ConnectionRequest"/>.</param>
    /// <param name="targetId">The target when the result is Text.</param>
    /// <returns>Missing: <see cref="PeersError.TargetIdMissing"/>. NotAString: <see cref="PeersError.TargetNotFound"/>.</returns>
    public static PeersFieldStatus ReadConnectionRequest(in PeersEnvelope envelope, out UserId targetId)
    {
        var status = ReadText(envelope, "targetId"u8, out var text);
        targetId = new UserId(text);
        return status;
    }

    /// <summary>Reads CONNECTION_RESPONSE.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.ConnectionResponse"/>.</param>
    /// <param name="requestId">The request when the result is Text.</param>
    /// <param name="accepted">The answer; <c>null</c> on the wire rejects.</param>
    /// <returns>
    /// Missing, also when <c>accepted</c> is absent or neither a boolean nor null: <see cref="PeersError.ResponseFieldsMissing"/>.
    /// NotAString: <see cref="PeersError.RequestNotFound"/>.
    /// </returns>
    public static PeersFieldStatus ReadConnectionResponse(in PeersEnvelope envelope, out RequestId requestId, out bool accepted)
    {
        var id = default(JsonValue);
        var answer = JsonTokenType.None;
        var reader = OpenObject(envelope.Data);
        while (JsonMember.TryRead(ref reader, envelope.Data, out var member))
        {
            if (member.Name.Is("requestId"u8))
            {
                id = member.Value;
            }
            else if (member.Name.Is("accepted"u8))
            {
                answer = member.Value.Type;
            }
        }

        accepted = answer == JsonTokenType.True;
        var isClear = answer is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
        var status = isClear ? GetStatus(id) : PeersFieldStatus.Missing;
        requestId = new RequestId(status == PeersFieldStatus.Text ? id.GetText()! : string.Empty);
        return status;
    }

    /// <summary>Finds the session of SEND_MESSAGE and what is to be relayed, without allocating.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.SendMessage"/>.</param>
    /// <returns>
    /// A view over the message. Its status: Missing: <see cref="PeersError.SessionIdMissing"/>; NotAString: <see cref="PeersError.SessionNotFound"/>.
    /// </returns>
    public static SendMessageView ReadSendMessage(in PeersEnvelope envelope)
    {
        var outline = envelope.Outline;
        if (outline.SessionIdType == JsonTokenType.None)
        {
            return default;
        }

        var json = envelope.Data[outline.SessionIdStart..outline.SessionIdEnd];
        if (outline.SessionIdType == JsonTokenType.String)
        {
            return json.Length == 2
                ? default
                : new SendMessageView(PeersFieldStatus.Text, json, outline.SessionIdIsEscaped, envelope.Data, outline);
        }

        return JsonText.IsTruthy(outline.SessionIdType, json)
            ? new SendMessageView(PeersFieldStatus.NotAString, default, false, envelope.Data, outline)
            : default;
    }

    /// <summary>Reads the session of SESSION_END.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.SessionEnd"/>.</param>
    /// <param name="sessionId">The session when the result is Text.</param>
    /// <returns>Missing: <see cref="PeersError.SessionIdMissing"/>. NotAString: <see cref="PeersError.SessionNotFound"/>.</returns>
    public static PeersFieldStatus ReadSessionEnd(in PeersEnvelope envelope, out SessionId sessionId)
    {
        var status = ReadText(envelope, "sessionId"u8, out var text);
        sessionId = new SessionId(text);
        return status;
    }

    /// <summary>Reads the request of CONNECTION_CANCEL.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.ConnectionCancel"/>.</param>
    /// <param name="requestId">The request when the result is Text.</param>
    /// <returns>Missing: <see cref="PeersError.RequestIdMissing"/>. NotAString: <see cref="PeersError.RequestNotFound"/>.</returns>
    public static PeersFieldStatus ReadConnectionCancel(in PeersEnvelope envelope, out RequestId requestId)
    {
        var status = ReadText(envelope, "requestId"u8, out var text);
        requestId = new RequestId(text);
        return status;
    }

    /// <summary>Reads the status of SET_STATUS.</summary>
    /// <param name="envelope">A <see cref="PeersEvent.SetStatus"/>.</param>
    /// <param name="status">The status when the result is true.</param>
    /// <returns>False when it is none that exists: <see cref="PeersError.StatusInvalid"/>.</returns>
    public static bool TryReadSetStatus(in PeersEnvelope envelope, out PeerStatus status)
    {
        var value = Find(envelope.Data, "status"u8);
        if (value.IsText("away"u8))
        {
            status = PeerStatus.Away;
            return true;
        }

        if (value.IsText("busy"u8))
        {
            status = PeerStatus.Busy;
            return true;
        }

        status = PeerStatus.Online;
        return value.IsText("online"u8);
    }

    private static PeersFieldStatus ReadText(in PeersEnvelope envelope, ReadOnlySpan<byte> name, out string text)
    {
        var value = Find(envelope.Data, name);
        var status = GetStatus(value);
        text = status == PeersFieldStatus.Text ? value.GetText()! : string.Empty;
        return status;
    }

    private static PeersFieldStatus GetStatus(JsonValue value)
    {
        if (!value.IsTruthy)
        {
            return PeersFieldStatus.Missing;
        }

        return value.IsString ? PeersFieldStatus.Text : PeersFieldStatus.NotAString;
    }

    private static JsonValue Find(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        var found = default(JsonValue);
        var reader = OpenObject(data);
        while (JsonMember.TryRead(ref reader, data, out var member))
        {
            if (member.Name.Is(name))
            {
                found = member.Value;
            }
        }

        return found;
    }

    // Over anything but an object the reader finds no members.
    private static Utf8JsonReader OpenObject(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[0] != (byte)'{')
        {
            data = "{}"u8;
        }

        var reader = new Utf8JsonReader(data, JsonSyntax.Options);
        reader.Read();
        return reader;
    }

    private static string CleanOr(string? text, string fallback, int maxLength)
    {
        var clean = text is null ? string.Empty : PeersText.Clean(text, maxLength);
        return clean.Length > 0 ? clean : fallback;
    }

    private static bool IsPublicKey(string? text)
    {
        if (text is not { Length: PublicKeyTextLength })
        {
            return false;
        }

        // Compared with its canonical form, because two texts for one key would look like two keys.
        Span<byte> key = stackalloc byte[PeerProfile.PublicKeyLength + 1];
        return Convert.TryFromBase64String(text, key, out var length)
            && length == PeerProfile.PublicKeyLength
            && Convert.ToBase64String(key[..length]) == text;
    }
}
