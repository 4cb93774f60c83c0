using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PeerSync.Bench.Load.Targets;

/// <summary>HS256 tokens as Supabase issues them: made by the client, verified by the comparison servers.</summary>
internal static class BenchToken
{
    private const string Audience = "authenticated";
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <summary>The user's id: all of them have the length of the UUIDs that real users have.</summary>
    public static string UserId(int user) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{user:D12}");

    public static string Mint(ServerSecrets secrets, int user)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"iss":"{{secrets.Issuer}}","aud":"{{Audience}}","sub":"{{UserId(user)}}","email":"user{{user}}@bench.invalid","iat":{{now}},"exp":{{now + 7200}}}
            """);
        var signed = Header + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secrets.JwtSecret), Encoding.ASCII.GetBytes(signed));
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>Checks signature, issuer, audience and expiry, and returns the user's id.</summary>
    public static bool TryVerify(ServerSecrets secrets, string token, [NotNullWhen(true)] out string? userId)
    {
        userId = null;
        var border = token.LastIndexOf('.');
        if (border <= Header.Length || !token.StartsWith(Header + ".", StringComparison.Ordinal))
        {
            return false;
        }

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secrets.JwtSecret), Encoding.UTF8.GetBytes(token[..border]));
        var given = new byte[expected.Length];
        if (!Base64Url.IsValid(token.AsSpan(border + 1))
            || !Base64Url.TryDecodeFromChars(token.AsSpan(border + 1), given, out var length)
            || length != expected.Length
            || !CryptographicOperations.FixedTimeEquals(expected, given))
        {
            return false;
        }

        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(Header.Length + 1, border - Header.Length - 1)));
        var root = claims.RootElement;
        if (root.GetProperty("iss").GetString() != secrets.Issuer
            || root.GetProperty("aud").GetString() != Audience
            || root.GetProperty("exp").GetInt64() <= DateTimeOffset.UtcNow.ToUnixTimeSeconds())
        {
            return false;
        }

        userId = root.GetProperty("sub").GetString();
        return !string.IsNullOrEmpty(userId);
    }
}
