using PeerSync.Host.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Host.Rooms;
using PeerSync.Host.Serving;
using PeerSync.Host.Sharing;
using PeerSync.Host.Sharing.Resp;
using PeerSync.Host.Sync;
using PeerSync.Storage;
using PeerSync.Storage.Migrations;

namespace PeerSync.Host.Commands;

/// <summary><c>peersync serve</c>: runs the server until SIGTERM or Ctrl-C.</summary>
internal static partial class ServeCommand
{
    internal static async Task<int> RunAsync(PeerSyncConfiguration configuration, CancellationToken cancellationToken)
    {
        if (configuration.Options is not { } options)
        {
            Report.Faults(configuration, Console.Error);
            return ExitCode.Failed;
        }

        var logging = ConsoleLogging.Configure(options.Logging);
        using var loggers = LoggerFactory.Create(logging);
        var logger = loggers.CreateLogger("PeerSync");
        PeerSyncServer server;
        try
        {
            server = await PeerSyncServer.StartAsync(options, TimeProvider.System, logging, cancellationToken);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            // What an operator can mend needs no stack trace.
            await Console.Error.WriteLineAsync($"PeerSync cannot start: {Explain(exception)}");
            return ExitCode.Failed;
        }

        await using (server)
        {
            Announce(logger, options, server);
            await server.WaitForShutdownAsync();
        }

        Log.Stopped(logger);
        return ExitCode.Ok;
    }

    private static bool IsExpected(Exception exception) =>
        exception is IdentityConfigurationException or StorageUnavailableException or MigrationException or ArgumentException
            or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException;

    private static string Explain(Exception exception) =>
        exception.InnerException is { } inner && exception is not IdentityConfigurationException ? $"{exception.Message} ({inner.Message})" : exception.Message;

    private static void Announce(ILogger logger, PeerSyncOptions options, PeerSyncServer server)
    {
        Log.Environment(logger, ServerVersion.Text, options.Environment);
        foreach (var listener in options.Listeners)
        {
            Log.Listening(logger, listener.Endpoint.ToString(), options.WebSocket.Path);
        }

        Log.Storage(logger, server.Store.Engine.ToString(), server.Store.EngineVersion, server.Store.Place);
        if (server.Identity.LocalKeys is { WasGenerated: true, DevelopmentKeyPath: { } path })
        {
            Log.KeyGenerated(logger, path);
        }

        if (server.Services.GetService<SyncServerKey>() is { WasGenerated: true, Path: { } syncPath })
        {
            Log.SyncKeyGenerated(logger, syncPath);
        }

        if (server.Services.GetService<RoomsKey>() is { WasGenerated: true, Path: { } roomsPath })
        {
            Log.RoomsSecretGenerated(logger, roomsPath);
        }

        foreach (var callsPath in server.Services.GetService<CallsKeys>()?.GeneratedPaths ?? [])
        {
            Log.CallsSecretGenerated(logger, callsPath);
        }

        if (server.Services.GetService<SharingKeys>() is { WasGenerated: true, Path: { } sharingPath })
        {
            Log.SharingSecretGenerated(logger, sharingPath);
        }

        if (server.Services.GetService<RespAddress>() is { Value: { } resp })
        {
            Log.RespListening(logger, resp);
        }

        if (server.Services.GetService<RespPassword>() is { WasGenerated: true, Path: { } passwordPath })
        {
            Log.RespPasswordGenerated(logger, passwordPath);
        }

        if (server.Services.GetService<DevLoginEndpoints>() is { IsOn: true })
        {
            Log.DevLogin(logger, SharingRoute.BasePath);
        }

        if ((options.Serves(ServerFeatures.Sync) && options.Sync.AdminKey.IsEmpty) || (options.Serves(ServerFeatures.Rooms) && options.Rooms.AdminKey.IsEmpty))
        {
            Log.NoAdminKey(logger, options.IsProduction ? "closed" : "open to everybody");
        }

        if (!options.RateLimits.Enabled)
        {
            Log.NoRateLimits(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "PeerSync {Version} in the environment {Environment}.", EventName = "Started")]
        internal static partial void Environment(ILogger logger, string version, string environment);

        [LoggerMessage(2, LogLevel.Information, "Listening on {Url}; WebSocket path {Path}.", EventName = "Listening")]
        internal static partial void Listening(ILogger logger, string url, string path);

        [LoggerMessage(3, LogLevel.Information, "Storage: {Engine} {Version} at {Place}.", EventName = "Storage")]
        internal static partial void Storage(ILogger logger, string engine, string version, string place);

        [LoggerMessage(4, LogLevel.Warning, "No key is configured, so a development key was made: {Path}. Mint a token with: peersync token --user alice", EventName = "DevelopmentKeyGenerated")]
        internal static partial void KeyGenerated(ILogger logger, string path);

        [LoggerMessage(5, LogLevel.Warning, "Rate limits are off (RATE_LIMITS). Use this for load tests only.", EventName = "RateLimitsOff")]
        internal static partial void NoRateLimits(ILogger logger);

        [LoggerMessage(6, LogLevel.Information, "PeerSync has stopped.", EventName = "Stopped")]
        internal static partial void Stopped(ILogger logger);

        [LoggerMessage(7, LogLevel.Warning, "SERVER_PRIVATE_KEY_HEX is not set, so a key for the Sync feature was made: {Path}.", EventName = "SyncKeyGenerated")]
        internal static partial void SyncKeyGenerated(ILogger logger, string path);

        [LoggerMessage(8, LogLevel.Warning, "ADMIN_API_KEY is not set: the routes for the operator are {State}.", EventName = "NoAdminKey")]
        internal static partial void NoAdminKey(ILogger logger, string state);

        [LoggerMessage(9, LogLevel.Warning, "AUTH_SECRET is not set, so a secret for the Rooms feature was made: {Path}.", EventName = "RoomsSecretGenerated")]
        internal static partial void RoomsSecretGenerated(ILogger logger, string path);

        [LoggerMessage(10, LogLevel.Warning, "JWT_SECRET or TURN_SHARED_SECRET is not set, so a secret for the Calls feature was made: {Path}.", EventName = "CallsSecretGenerated")]
        internal static partial void CallsSecretGenerated(ILogger logger, string path);

        [LoggerMessage(11, LogLevel.Warning, "JWT_SECRET is not set, so a secret for the Sharing feature was made: {Path}.", EventName = "SharingSecretGenerated")]
        internal static partial void SharingSecretGenerated(ILogger logger, string path);

        [LoggerMessage(12, LogLevel.Warning, "Anybody may log in to Sharing under any name, without GitHub: POST {BasePath}/auth/dev-login. SHARING_DEV_LOGIN=off closes it.", EventName = "SharingDevLogin")]
        internal static partial void DevLogin(ILogger logger, string basePath);

        [LoggerMessage(13, LogLevel.Information, "Listening on {Address} for Sharing's events.", EventName = "RespListening")]
        internal static partial void RespListening(ILogger logger, Uri address);

        [LoggerMessage(14, LogLevel.Warning, "RESP_PASSWORD is not set, so a password for listeners of Sharing's events was made: {Path}.", EventName = "RespPasswordGenerated")]
        internal static partial void RespPasswordGenerated(ILogger logger, string path);
    }
}
