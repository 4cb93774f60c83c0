using System.Security.Cryptography;

namespace PeerSync.Bench.Load.Targets;

/// <summary>The identity provider that the servers are told about. Nothing listens there: HS256 needs no key lookup.</summary>
internal sealed record ServerSecrets(string SupabaseUrl, string JwtSecret)
{
    public const string UrlVariable = "SUPABASE_URL";
    public const string SecretVariable = "SUPABASE_JWT_SECRET";

    public string Issuer => SupabaseUrl + "/auth/v1";

    public static ServerSecrets Create() => new("http://127.0.0.1:9", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
}
