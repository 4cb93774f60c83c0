using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Host.Serving;

namespace PeerSync.Host.Commands;

/// <summary><c>peersync token</c>: issues a token of the local issuer.</summary>
internal static class TokenCommand
{
    internal static int Run(
        PeerSyncConfiguration configuration, string user, string? name, string? email, string? expires, TextWriter output, TextWriter error)
    {
        if (configuration.Options is not { } options)
        {
            Report.Faults(configuration, error);
            return ExitCode.Failed;
        }

        TimeSpan? lifetime = null;
        if (expires is not null)
        {
            if (!TokenLifetime.TryParse(expires, out var parsed))
            {
                error.WriteLine($"'{expires}' is not a lifetime; write for example 30m, 1h or 7d.");
                return ExitCode.Failed;
            }

            lifetime = parsed;
        }

        try
        {
            var minter = TokenMinter.Create(OptionsMapping.Identity(options), TimeProvider.System);
            output.WriteLine(minter.Mint(new TokenRequest(user) { Name = name ?? user, Email = email, Lifetime = lifetime }));
            return ExitCode.Ok;
        }
        catch (Exception exception) when (exception is IdentityConfigurationException or ArgumentException)
        {
            error.WriteLine(exception.Message);
            return ExitCode.Failed;
        }
    }
}
