using System.Text;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Calls;

/// <summary>What the Calls feature signs with: tokens and pseudonyms with one secret, TURN credentials with the one that it shares with the TURN server.</summary>
internal sealed record CallsKeys(SigningKey Tokens, CallsPseudonyms Pseudonyms, TurnSettings Turn, IReadOnlyList<string> GeneratedPaths)
{
    // Where neither a host nor addresses are set, the original names its own machine.
    private const string DefaultTurnHost = "localhost";

    /// <summary>The configured secrets, or outside production such as are made and kept in the data directory.</summary>
    /// <exception cref="IdentityConfigurationException">Production without a secret, or one that cannot be read or written.</exception>
    public static CallsKeys Load(PeerSyncOptions options)
    {
        var tokens = DevelopmentSecret.Load(
            options,
            options.Calls.JwtSecret,
            "development-calls-secret.hex",
            "calls'",
            "The Calls feature has no secret in production: set JWT_SECRET.");
        var turn = options.Turn;
        DevelopmentSecret? shared = null;
        if (!turn.IsManaged)
        {
            shared = DevelopmentSecret.Load(
                options,
                turn.SharedSecret,
                "development-turn-secret.hex",
                "TURN server's",
                "The Calls feature has no secret of a TURN server in production: set TURN_SHARED_SECRET.");
            turn = turn with
            {
                Host = turn.Host.Length > 0 || turn.Urls.Count > 0 ? turn.Host : DefaultTurnHost,
                Urls = turn.Host.Length > 0 ? [] : turn.Urls,
                SharedSecret = new Secret(shared.Text),
                Username = string.Empty,
                Password = Secret.None,
            };
        }

        DevelopmentSecret?[] made = [tokens, shared];
        return new CallsKeys(
            tokens.ToHs256(),
            new CallsPseudonyms(Encoding.UTF8.GetBytes(tokens.Text)),
            turn,
            [.. made.Where(static secret => secret is { WasGenerated: true }).Select(static secret => secret!.Path!)]);
    }
}
