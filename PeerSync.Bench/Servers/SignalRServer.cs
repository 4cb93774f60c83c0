using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Connections;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Servers;

/// <summary>A SignalR hub with its defaults, over WebSockets only.</summary>
internal static class SignalRServer
{
    public static async Task RunAsync(string[] args)
    {
        var builder = ComparisonServer.CreateBuilder(args);
        builder.Services.AddSingleton(new ServerSecrets(Require(ServerSecrets.UrlVariable), Require(ServerSecrets.SecretVariable)));
        builder.Services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHub<RelayHub>("/hub", options => options.Transports = HttpTransportType.WebSockets);
        await ComparisonServer.RunAsync(app);
    }

    private static string Require(string name)
    {
        return Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
    }
}
