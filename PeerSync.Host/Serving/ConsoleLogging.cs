using Microsoft.Extensions.Logging.Console;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Serving;

/// <summary>The log on standard output: a line for a person, or JSON for a collector.</summary>
internal static class ConsoleLogging
{
    internal static Action<ILoggingBuilder> Configure(LoggingSettings settings) => builder =>
    {
        builder.SetMinimumLevel(settings.Level);

        // The framework's own life cycle lines repeat what the server says in its own words.
        builder.AddFilter("Microsoft", settings.Level > LogLevel.Warning ? settings.Level : LogLevel.Warning);
        builder.AddFilter("System", settings.Level > LogLevel.Warning ? settings.Level : LogLevel.Warning);

        // A start that fails is explained once, by the command, and without the host's stack trace.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (settings.Format == LogFormat.Json)
        {
            builder.AddJsonConsole(static json =>
            {
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                json.UseUtcTimestamp = true;
            });
        }
        else
        {
            builder.AddSimpleConsole(static text =>
            {
                text.SingleLine = true;
                text.ColorBehavior = LoggerColorBehavior.Disabled;
                text.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                text.UseUtcTimestamp = true;
            });
        }
    };
}
