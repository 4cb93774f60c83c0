using System.Text.Json;

namespace PeerSync.Protocol.Identity;

/// <summary>What a token's header (RFC 7515, section 4) says that this server listens to.</summary>
internal readonly record struct JoseHeader(SignatureAlgorithm Algorithm, string? KeyId)
{
    /// <summary>Longer key names are no key's.</summary>
    public const int MaxKeyIdLength = 256;

    /// <summary>Reads a header. Anything unusual is refused: another algorithm, <c>crit</c>, duplicates, a key name that is no text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out JoseHeader header)
    {
        try
        {
            return TryReadCore(json, out header);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            header = default;
            return false;
        }
    }

    private static bool TryReadCore(ReadOnlySpan<byte> json, out JoseHeader header)
    {
        header = default;
        SignatureAlgorithm? algorithm = null;
        string? keyId = null;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("alg"u8))
            {
                reader.Read();
                if (algorithm is not null || !TryReadAlgorithm(ref reader, out algorithm))
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("kid"u8))
            {
                reader.Read();
                if (keyId is not null || !JsonTextReader.TryReadText(ref reader, MaxKeyIdLength, out keyId))
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("crit"u8))
            {
                // RFC 7515, section 4.1.11: extensions that are not understood must be refused, and this server has none.
                return false;
            }
            else
            {
                JsonTextReader.SkipValue(ref reader);
            }
        }

        if (reader.Read() || algorithm is null)
        {
            return false;
        }

        header = new JoseHeader(algorithm.Value, keyId);
        return true;
    }

    private static bool TryReadAlgorithm(ref Utf8JsonReader reader, out SignatureAlgorithm? algorithm)
    {
        algorithm = null;
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var candidate in Enum.GetValues<SignatureAlgorithm>())
            {
                if (reader.ValueTextEquals(candidate.ToName()))
                {
                    algorithm = candidate;
                }
            }
        }

        return algorithm is not null;
    }
}
