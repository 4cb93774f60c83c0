using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>The signatures under profile changes.</summary>
/// <remarks>
/// Signed are the 64 ASCII characters of the hex SHA-256 of the user id, the timestamp in decimal and a text, one behind the other. The text is what
/// JSON.stringify makes of the update. Clients differ in which members they count in, so an update counts as signed if the signature fits the update as the
/// server normalises it or as the client sent it. Thread-safe.
/// </remarks>
public static class ProfileSignature
{
    /// <summary>How old a signed change may be, in milliseconds.</summary>
    public const long MaxAge = 300_000;

    /// <summary>How far ahead of the server's clock a signed change may be, in milliseconds.</summary>
    public const long MaxSkew = 30_000;

    private static ReadOnlySpan<byte> OnboardingText => "onboarding_complete"u8;

    /// <summary>Whether the user signed a profile update.</summary>
    /// <param name="userId">The user as the request names it: 64 hex digits.</param>
    /// <param name="timestamp">The body's timestamp.</param>
    /// <param name="update">The update after normalisation.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="signature">128 hex digits; anything else is refused.</param>
    public static bool VerifyUpdate(string userId, long timestamp, ProfileUpdate update, ReadOnlySpan<byte> body, string signature)
    {
        ArgumentNullException.ThrowIfNull(update);
        var text = MessageBuffer.Rent(body.Length);
        WriteNormalised(text, update);
        var isSigned = Verify(userId, timestamp, text.Span, signature);
        text.Release();
        if (isSigned)
        {
            return true;
        }

        text = MessageBuffer.Rent(body.Length);
        isSigned = TryWriteAsReceived(text, body) && Verify(userId, timestamp, text.Span, signature);
        text.Release();
        return isSigned;
    }

    /// <summary>Whether the user signed the end of the onboarding.</summary>
    /// <param name="userId">The user as the request names it: 64 hex digits.</param>
    /// <param name="timestamp">The body's timestamp.</param>
    /// <param name="signature">128 hex digits; anything else is refused.</param>
    public static bool VerifyOnboardingComplete(string userId, long timestamp, string signature) =>
        Verify(userId, timestamp, OnboardingText, signature);

    /// <summary>
    /// Writes the text of an update: the given members in the order display_name, email, preferences, and in those theme, notifications, autoSync.
    /// </summary>
    /// <param name="output">Takes the text, in UTF-8.</param>
    /// <param name="update">The update after normalisation.</param>
    public static void WriteNormalised(IBufferWriter<byte> output, ProfileUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var separator = "{"u8;
        if (update.DisplayName is not null)
        {
            output.Write(separator);
            output.Write("\"display_name\":"u8);
            output.WriteString(update.DisplayName);
            separator = ","u8;
        }

        if (update.HasEmail)
        {
            output.Write(separator);
            output.Write("\"email\":"u8);
            WriteText(output, update.Email);
            separator = ","u8;
        }

        if (update.Preferences is { } preferences)
        {
            output.Write(separator);
            output.Write("\"preferences\":"u8);
            WritePreferences(output, preferences);
            separator = ","u8;
        }

        output.Write(separator[0] == (byte)'{' ? "{}"u8 : "}"u8);
    }

    /// <summary>Writes the text of an update as it was sent: all members of the body but <c>signature</c> and <c>timestamp</c>, in their order.</summary>
    /// <param name="output">Takes the text, in UTF-8; of no use where refused.</param>
    /// <param name="body">The request's body.</param>
    /// <returns>False when the body is not a JSON object.</returns>
    /// <remarks>White space is dropped and strings are escaped as JSON.stringify does; numbers stay as written.</remarks>
    public static bool TryWriteAsReceived(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            var reader = new Utf8JsonReader(body, JsonSyntax.Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            output.Write("{"u8);
            var isFirst = true;
            while (JsonName.TryRead(ref reader, out var name))
            {
                if (name.Is("signature"u8) || name.Is("timestamp"u8))
                {
                    reader.Skip();
                    continue;
                }

                output.Write(isFirst ? default : ","u8);
                isFirst = false;
                output.WriteString(name.GetText());
                output.Write(":"u8);
                CompactJson.WriteValue(output, ref reader);
            }

            output.Write("}"u8);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether the user signed a text.</summary>
    /// <param name="userId">The user as the request names it: 64 hex digits, hashed as they are.</param>
    /// <param name="timestamp">The body's timestamp.</param>
    /// <param name="text">The text.</param>
    /// <param name="signature">128 hex digits; anything else is refused.</param>
    public static bool Verify(string userId, long timestamp, ReadOnlySpan<byte> text, string signature)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(signature);
        var publicKey = SyncText.DecodeHex(userId, Ed25519.PublicKeySize);
        var signatureBytes = SyncText.DecodeHex(signature, Ed25519.SignatureSize);
        if (publicKey.Length == 0 || signatureBytes.Length == 0)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(userId));
        hash.AppendData(Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture)));
        hash.AppendData(text);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        Span<byte> message = stackalloc byte[2 * SHA256.HashSizeInBytes];
        Convert.TryToHexStringLower(digest, message, out _);
        return Ed25519.Verify(publicKey, message, signatureBytes);
    }

    private static void WritePreferences(IBufferWriter<byte> output, ProfilePreferences preferences)
    {
        var separator = "{"u8;
        if (preferences.Theme is not null)
        {
            output.Write(separator);
            output.Write("\"theme\":"u8);
            output.WriteString(preferences.Theme);
            separator = ","u8;
        }

        if (preferences.Notifications is { } notifications)
        {
            output.Write(separator);
            output.Write(notifications ? "\"notifications\":true"u8 : "\"notifications\":false"u8);
            separator = ","u8;
        }

        if (preferences.AutoSync is { } autoSync)
        {
            output.Write(separator);
            output.Write(autoSync ? "\"autoSync\":true"u8 : "\"autoSync\":false"u8);
            separator = ","u8;
        }

        output.Write(separator[0] == (byte)'{' ? "{}"u8 : "}"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, string? text)
    {
        if (text is null)
        {
            output.Write("null"u8);
        }
        else
        {
            output.WriteString(text);
        }
    }
}
