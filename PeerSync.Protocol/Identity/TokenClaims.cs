using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PeerSync.Protocol.Identity;

/// <summary>The registered claims of a token (RFC 7519, section 4.1) that this server reads. A claim that is absent is null.</summary>
public sealed class TokenClaims
{
    /// <summary>The longest subject that is accepted, in UTF-16 units.</summary>
    public const int MaxSubjectLength = 256;

    private const int MaxTextLength = JsonWebToken.MaxLength;

    // 9999-12-31T23:59:59Z.
    private const long MaxSeconds = 253_402_300_799;

    private IReadOnlyList<string>? _audiences;

    private TokenClaims()
    {
    }

    /// <summary><c>iss</c>.</summary>
    public string? Issuer { get; private set; }

    /// <summary><c>sub</c>: not empty, at most <see cref="MaxSubjectLength"/> long, without control characters.</summary>
    public string? Subject { get; private set; }

    /// <summary><c>aud</c>, which may be one string or an array of them; empty where absent.</summary>
    public IReadOnlyList<string> Audiences => _audiences ?? [];

    /// <summary><c>exp</c>.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary><c>nbf</c>.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary><c>iat</c>.</summary>
    public DateTimeOffset? IssuedAt { get; private set; }

    /// <summary>Reads a claims set.</summary>
    /// <param name="payload">The token's payload, UTF-8.</param>
    /// <param name="claims">The claims; null where refused.</param>
    /// <returns>
    /// False unless the payload is one JSON object in which each of these claims stands at most once and has its type and range: text for <c>iss</c> and
    /// <c>sub</c>, text or an array of texts for <c>aud</c>, a number of seconds from 1970 to 9999 for <c>exp</c>, <c>nbf</c> and <c>iat</c>.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out TokenClaims? claims)
    {
        try
        {
            claims = new TokenClaims();
            if (claims.TryReadCore(payload))
            {
                return true;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name that is not valid Unicode: refused like any other malformed payload.
        }

        claims = null;
        return false;
    }

    private bool TryReadCore(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadClaim(ref reader))
            {
                return false;
            }
        }

        return !reader.Read();
    }

    private bool TryReadClaim(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("iss"u8))
        {
            reader.Read();
            return Issuer is null && JsonTextReader.TryReadText(ref reader, MaxTextLength, out var issuer) && (Issuer = issuer) is not null;
        }

        if (reader.ValueTextEquals("sub"u8))
        {
            reader.Read();
            return Subject is null && TryReadSubject(ref reader);
        }

        if (reader.ValueTextEquals("aud"u8))
        {
            reader.Read();
            return _audiences is null && TryReadAudiences(ref reader);
        }

        if (reader.ValueTextEquals("exp"u8))
        {
            reader.Read();
            return ExpiresAt is null && (ExpiresAt = ReadTime(ref reader)) is not null;
        }

        if (reader.ValueTextEquals("nbf"u8))
        {
            reader.Read();
            return NotBefore is null && (NotBefore = ReadTime(ref reader)) is not null;
        }

        if (reader.ValueTextEquals("iat"u8))
        {
            reader.Read();
            return IssuedAt is null && (IssuedAt = ReadTime(ref reader)) is not null;
        }

        JsonTextReader.SkipValue(ref reader);
        return true;
    }

    private bool TryReadSubject(ref Utf8JsonReader reader)
    {
        if (!JsonTextReader.TryReadText(ref reader, MaxSubjectLength, out var subject) || subject.Length == 0)
        {
            return false;
        }

        // A subject becomes a database key, an actor's name and a label; PostgreSQL's text cannot even hold NUL.
        foreach (var character in subject)
        {
            if (char.IsControl(character))
            {
                return false;
            }
        }

        Subject = subject;
        return true;
    }

    private bool TryReadAudiences(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (!JsonTextReader.TryReadText(ref reader, MaxTextLength, out var audience))
            {
                return false;
            }

            _audiences = [audience];
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var audiences = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!JsonTextReader.TryReadText(ref reader, MaxTextLength, out var audience))
            {
                return false;
            }

            audiences.Add(audience);
        }

        _audiences = audiences;
        return true;
    }

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return null;
        }

        if (reader.TryGetInt64(out var whole))
        {
            return whole is >= 0 and <= MaxSeconds ? DateTimeOffset.FromUnixTimeSeconds(whole) : null;
        }

        // RFC 7519, section 2: a NumericDate may have a fraction.
        return reader.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxSeconds
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;
    }
}
