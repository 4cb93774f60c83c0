using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Turn;

/// <summary>A TURN server with a credential for one user.</summary>
/// <param name="Urls">Where it is.</param>
/// <param name="Username">When the credential ends, a colon, and whose it is; or the provider's fixed name.</param>
/// <param name="Credential">The password.</param>
/// <param name="LifetimeSeconds">How long it is valid.</param>
internal sealed record TurnCredential(IReadOnlyList<string> Urls, string Username, string Credential, long LifetimeSeconds);

/// <summary>The ICE servers that clients are told of, with credentials that end by themselves.</summary>
/// <remarks>draft-uberti-behave-turn-rest-00, which coturn calls use-auth-secret.</remarks>
internal sealed class IceServers(TurnSettings settings, TimeProvider time)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(settings.SharedSecret.Value);
    private readonly IReadOnlyList<string> _urls = Addresses(settings);

    /// <summary>Whether there is a TURN server to tell of.</summary>
    public bool HasTurn => _urls.Count > 0 && (_secret.Length > 0 || settings.Username.Length > 0);

    /// <summary>Makes a credential; null without a TURN server.</summary>
    /// <param name="userId">Whose it is; the TURN server logs it.</param>
    public TurnCredential? CreateCredential(string userId)
    {
        if (!HasTurn)
        {
            return null;
        }

        var lifetime = (long)settings.Lifetime.TotalSeconds;
        if (settings.Username.Length > 0)
        {
            return new TurnCredential(_urls, settings.Username, settings.Password.Value, lifetime);
        }

        var username = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().ToUnixTimeSeconds() + lifetime}:{userId}");
#pragma warning disable CA5350 // The TURN server's algorithm, not ours to choose.
        var credential = HMACSHA1.HashData(_secret, Encoding.UTF8.GetBytes(username));
#pragma warning restore CA5350
        return new TurnCredential(_urls, username, Convert.ToBase64String(credential), lifetime);
    }

    /// <summary>Writes the servers as RTCPeerConnection takes them: an array of objects.</summary>
    public void Write(Utf8JsonWriter writer, string userId)
    {
        writer.WriteStartArray();
        if (settings.StunUrls.Count > 0)
        {
            writer.WriteStartObject();
            WriteUrls(writer, settings.StunUrls);
            writer.WriteEndObject();
        }

        if (CreateCredential(userId) is { } turn)
        {
            writer.WriteStartObject();
            WriteUrls(writer, turn.Urls);
            writer.WriteString("username"u8, turn.Username);
            writer.WriteString("credential"u8, turn.Credential);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteUrls(Utf8JsonWriter writer, IReadOnlyList<string> urls)
    {
        writer.WriteStartArray("urls"u8);
        foreach (var url in urls)
        {
            writer.WriteStringValue(url);
        }

        writer.WriteEndArray();
    }

    private static IReadOnlyList<string> Addresses(TurnSettings settings) => settings.Urls.Count > 0 ? settings.Urls
        : settings.Host.Length == 0 ? []
        : [
            string.Create(CultureInfo.InvariantCulture, $"turn:{settings.Host}:{settings.Port}"),
            string.Create(CultureInfo.InvariantCulture, $"turns:{settings.Host}:{settings.TlsPort}"),
        ];
}
