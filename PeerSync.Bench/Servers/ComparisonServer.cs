using System.Globalization;
using System.Net;

namespace PeerSync.Bench.Servers;

/// <summary>What the .NET comparison servers have in common: one port of the loopback interface, no logging, a health path.</summary>
internal static class ComparisonServer
{
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        if (args.Length == 0 || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new ArgumentException("The port is missing: it is the first argument.");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        return builder;
    }

    public static async Task RunAsync(WebApplication app)
    {
        app.MapGet("/health", () => "ok");
        ParentWatch.Start();
        await app.RunAsync();
    }
}
