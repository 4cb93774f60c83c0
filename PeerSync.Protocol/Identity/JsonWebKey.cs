using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Protocol.Identity;

/// <summary>One public key of a published set (RFC 7517), fit to verify tokens.</summary>
/// <remarks>
/// RSA of 2048 to 8192 bits (RFC 7518, section 6.3), points on P-256 (section 6.2) and Ed25519 (RFC 8037, section 2). Shared secrets (<c>oct</c>) are never
/// taken from a published set: whoever can read it could sign.
/// </remarks>
public sealed class JsonWebKey
{
    private const int MaxTextLength = 2048;

    private JsonWebKey(string keyId, VerificationKey verificationKey)
    {
        KeyId = keyId;
        VerificationKey = verificationKey;
    }

    /// <summary>The key's <c>kid</c>.</summary>
    public string KeyId { get; }

    /// <summary>The key, pinned to the one algorithm of its kind.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>Reads one key; leaves the reader at the end of its object whether or not the key is of use.</summary>
    /// <param name="reader">Stands at the start of the object.</param>
    /// <param name="key">The key; null where it is of no use here.</param>
    /// <returns>False for another kind, use, operation or algorithm, a missing <c>kid</c>, a duplicate or malformed member, or too weak a key.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    internal static bool TryRead(ref Utf8JsonReader reader, [NotNullWhen(true)] out JsonWebKey? key)
    {
        var members = default(Members);
        var wellFormed = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            wellFormed &= members.TryRead(ref reader);
        }

        key = null;
        if (!wellFormed || members.KeyId is not { } keyId || members.Use is not (null or "sig") || members.CannotVerify)
        {
            return false;
        }

        try
        {
            if (CreateVerificationKey(members) is { } verificationKey
                && (members.Algorithm is null || members.Algorithm == verificationKey.Algorithm.ToName()))
            {
                key = new JsonWebKey(keyId, verificationKey);
            }
        }
        catch (CryptographicException)
        {
            // Too weak, off the curve or otherwise unfit: skipped like an unknown kind (RFC 7517, section 5).
        }

        return key is not null;
    }

    private static VerificationKey? CreateVerificationKey(in Members members)
    {
        switch (members.KeyType)
        {
            case "RSA" when StrictBase64Url.TryDecode(members.Modulus, out var modulus) && StrictBase64Url.TryDecode(members.Exponent, out var exponent):
                return VerificationKey.Rs256(new RSAParameters { Modulus = modulus, Exponent = exponent });
            case "EC" when members.Curve == "P-256" && StrictBase64Url.TryDecode(members.X, out var x) && StrictBase64Url.TryDecode(members.Y, out var y):
                return VerificationKey.Es256(new ECPoint { X = x, Y = y });
            case "OKP" when members.Curve == "Ed25519" && Ed25519.IsSupported && StrictBase64Url.TryDecode(members.X, out var publicKey):
                return VerificationKey.EdDsa(publicKey);
            default:
                return null;
        }
    }

    /// <summary>The members of a key that matter here.</summary>
    private struct Members
    {
        public string? KeyType;
        public string? KeyId;
        public string? Use;
        public string? Algorithm;
        public string? Curve;
        public string? Modulus;
        public string? Exponent;
        public string? X;
        public string? Y;
        public bool CannotVerify;
        private bool _operationsRead;

        /// <summary>Reads the member that the reader stands at and moves past its value; false if it is malformed or there twice.</summary>
        public bool TryRead(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("kty"u8))
            {
                return TryReadText(ref reader, ref KeyType);
            }

            if (reader.ValueTextEquals("kid"u8))
            {
                return TryReadText(ref reader, ref KeyId) && KeyId!.Length <= JoseHeader.MaxKeyIdLength;
            }

            if (reader.ValueTextEquals("use"u8))
            {
                return TryReadText(ref reader, ref Use);
            }

            if (reader.ValueTextEquals("alg"u8))
            {
                return TryReadText(ref reader, ref Algorithm);
            }

            if (reader.ValueTextEquals("crv"u8))
            {
                return TryReadText(ref reader, ref Curve);
            }

            if (reader.ValueTextEquals("n"u8))
            {
                return TryReadText(ref reader, ref Modulus);
            }

            if (reader.ValueTextEquals("e"u8))
            {
                return TryReadText(ref reader, ref Exponent);
            }

            if (reader.ValueTextEquals("x"u8))
            {
                return TryReadText(ref reader, ref X);
            }

            if (reader.ValueTextEquals("y"u8))
            {
                return TryReadText(ref reader, ref Y);
            }

            if (reader.ValueTextEquals("key_ops"u8))
            {
                return TryReadOperations(ref reader);
            }

            JsonTextReader.SkipValue(ref reader);
            return true;
        }

        private static bool TryReadText(ref Utf8JsonReader reader, ref string? member)
        {
            var isFirst = member is null;
            reader.Read();
            var isText = JsonTextReader.TryReadText(ref reader, MaxTextLength, out member);
            reader.Skip();
            return isFirst && isText;
        }

        private bool TryReadOperations(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (_operationsRead || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                return false;
            }

            _operationsRead = true;
            CannotVerify = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("verify"u8))
                {
                    CannotVerify = false;
                }

                reader.Skip();
            }

            return true;
        }
    }
}
