using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Tests.Identity;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>The tokens that the recordings name by a placeholder, right and wrong ones.</summary>
internal sealed class TranscriptTokens(PeerSyncTestHost host)
{
    internal const string KeyId = "key-1";

    private readonly string _supabase = host.SupabaseUrl + "/auth/v1";

    internal string Hs256(string userId, string? issuer = null, string audience = "authenticated", int lifetime = 3600, int? notBefore = null, string? secret = null) =>
        TokenWriter.Write(SigningKey.Hs256(Encoding.UTF8.GetBytes(secret ?? PeerSyncTestHost.Secret)), Claims(userId, issuer, audience, lifetime, notBefore));

    internal string Rs256(string userId, string? keyId) => TokenWriter.Write(TestKeys.Rs256, Claims(userId), keyId);

    internal string EdDsa(string userId, string keyId) => TokenWriter.Write(TestKeys.EdDsa, Claims(userId), keyId);

    /// <summary>A token of the server's own issuer, as the older revision made them.</summary>
    internal string Local(string userId, string? name, string? email, string issuer = "peersync-dev-connect", string audience = "peersync-clients", int lifetime = 3600) =>
        TokenWriter.Write(TestKeys.Rs256, LocalClaims(userId, name, email, issuer, audience, lifetime));

    /// <summary>A token signed with HS256 whose key is the text of the public key.</summary>
    internal string LocalWithPublicKeyAsSecret(string userId) => TokenWriter.Write(
        SigningKey.Hs256(Encoding.UTF8.GetBytes(TestKeys.Rsa.ExportSubjectPublicKeyInfoPem())),
        LocalClaims(userId, "Alice", "alice@example.test", "peersync-dev-connect", "peersync-clients", 3600));

    internal string Unsigned(string userId) => TestKeys.Craft("""{"alg":"none","typ":"JWT"}""", Payload(userId), static _ => []);

    /// <summary>A token signed with HS512 whose key is the text of the public key.</summary>
    internal string Confused(string userId) => TestKeys.Craft(
        """{"alg":"HS512","typ":"JWT"}""",
        Payload(userId),
        static input => HMACSHA512.HashData(Encoding.UTF8.GetBytes(TestKeys.Rsa.ExportSubjectPublicKeyInfoPem()), input));

    private static string DisplayName(string email) => char.ToUpperInvariant(email[0]) + email[1..email.IndexOf('@', StringComparison.Ordinal)];

    private Action<Utf8JsonWriter> Claims(string userId, string? issuer = null, string audience = "authenticated", int lifetime = 3600, int? notBefore = null) => json =>
    {
        var email = Transcripts.EmailOf(userId);
        json.WriteString("iss", issuer ?? _supabase);
        json.WriteString("aud", audience);
        json.WriteString("sub", userId);
        json.WriteNumber("exp", Now + lifetime);
        if (notBefore is { } seconds)
        {
            json.WriteNumber("nbf", Now + seconds);
        }

        json.WriteString("email", email);
        json.WriteStartObject("user_metadata");
        json.WriteString("full_name", DisplayName(email));
        json.WriteEndObject();
    };

    private Action<Utf8JsonWriter> LocalClaims(string userId, string? name, string? email, string issuer, string audience, int lifetime) => json =>
    {
        json.WriteString("sub", userId);
        if (email is not null)
        {
            json.WriteString("email", email);
        }

        json.WriteString("name", name);
        json.WriteStartArray("roles");
        json.WriteStringValue("developer");
        json.WriteEndArray();
        json.WriteNumber("iat", Now);
        json.WriteNumber("exp", Now + lifetime);
        json.WriteString("aud", audience);
        json.WriteString("iss", issuer);
    };

    private string Payload(string userId)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            Claims(userId)(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private long Now => host.Time.GetUtcNow().ToUnixTimeSeconds();
}
