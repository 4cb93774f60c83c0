using System.Collections.Frozen;
using System.Text.Json;

namespace PeerSync.Protocol.Identity;

/// <summary>A published set of public keys (RFC 7517, section 5), reduced to those that can verify tokens.</summary>
/// <remarks>Immutable, and so thread-safe.</remarks>
public sealed class JsonWebKeySet
{
    private readonly FrozenDictionary<string, VerificationKey> _keys;

    private JsonWebKeySet(Dictionary<string, VerificationKey> keys, int skipped)
    {
        _keys = keys.ToFrozenDictionary(StringComparer.Ordinal);
        Skipped = skipped;
    }

    /// <summary>The number of keys that can be used.</summary>
    public int Count => _keys.Count;

    /// <summary>The number of keys that were left out: of another kind or use, without a name, malformed, too weak, or a name's second key.</summary>
    public int Skipped { get; }

    /// <summary>Reads a set.</summary>
    /// <param name="document">The JSON document, UTF-8.</param>
    /// <exception cref="FormatException">The document is not a JSON object with an array <c>keys</c>.</exception>
    public static JsonWebKeySet Parse(ReadOnlySpan<byte> document)
    {
        try
        {
            return ParseCore(document) ?? throw new FormatException("A key set is a JSON object with one array 'keys'.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("The key set is not valid JSON.", exception);
        }
    }

    /// <summary>The key of a name, or null.</summary>
    /// <param name="keyId">The name, compared ordinally.</param>
    public VerificationKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    private static JsonWebKeySet? ParseCore(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        JsonWebKeySet? set = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("keys"u8))
            {
                JsonTextReader.SkipValue(ref reader);
                continue;
            }

            reader.Read();
            if (set is not null || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            set = ReadKeys(ref reader);
        }

        return reader.Read() ? null : set;
    }

    private static JsonWebKeySet ReadKeys(ref Utf8JsonReader reader)
    {
        var keys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        var skipped = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                skipped++;
            }
            else if (!JsonWebKey.TryRead(ref reader, out var key) || !keys.TryAdd(key.KeyId, key.VerificationKey))
            {
                skipped++;
            }
        }

        return new JsonWebKeySet(keys, skipped);
    }
}
