using System.Security.Cryptography;
using System.Text;
using PeerSync.Actors.Peers;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.Sockets;
using PeerSync.Storage;

namespace PeerSync.Host.Admin;

/// <summary>What the operator's commands ask a running node. Served on the admin listener only: from this machine, or with the admin token.</summary>
internal sealed class AdminEndpoints(
    PeerSyncOptions options, SocketServer sockets, ReadinessProbe readiness, PeersCounters peers, DataStore store)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 10_000;

    private readonly byte[] _token = Encoding.UTF8.GetBytes(options.Admin.Token.Value);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/admin/status", Guarded(WriteStatusAsync)).WithUnlimitedRate().ExcludeFromDescription();
        routes.MapRead("/admin/connections", Guarded(WriteConnectionsAsync)).WithUnlimitedRate().ExcludeFromDescription();
    }

    /// <summary>Keeps everybody but the operator from a handler.</summary>
    internal RequestDelegate Guarded(RequestDelegate handler) => async context =>
    {
        if (!AdminListener.Serves(context))
        {
            await HttpErrors.WriteNoRouteAsync(context);
        }
        else if (!IsAuthorized(context.Request))
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, "Admin token is required");
        }
        else
        {
            await handler(context);
        }
    };

    private bool IsAuthorized(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0)
        {
            // No browser page has any business here, and one could reach loopback through the operator's browser.
            return false;
        }

        if (_token.Length == 0)
        {
            return true;
        }

        var credentials = request.Headers.Authorization.ToString();
        return credentials.StartsWith("Bearer ", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(credentials["Bearer ".Length..]), _token);
    }

    private async Task WriteStatusAsync(HttpContext context)
    {
        var report = await readiness.CheckAsync(context.RequestAborted);
        var answer = new StatusAnswer(
            ServerVersion.Text,
            options.Environment,
            sockets.Ticks,
            sockets.Connections.Count,
            peers.PeersOnline,
            peers.SessionsOpen,
            $"{store.Engine} {store.EngineVersion}, {store.Place}",
            report.Checks);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, AdminJson.Default.StatusAnswer);
    }

    private Task WriteConnectionsAsync(HttpContext context)
    {
        var limit = int.TryParse(context.Request.Query["limit"], out var asked) ? Math.Clamp(asked, 1, MaxLimit) : DefaultLimit;
        var now = sockets.Ticks;
        var connections = sockets.Connections.Snapshot();
        var listed = connections.Take(limit).Select(connection =>
        {
            var (messages, bytes) = connection.Backlog;
            return new ConnectionAnswer(
                connection.Id.Value,
                connection.Dialect?.Feature,
                connection.User?.Value,
                connection.AddressTag,
                now - connection.OpenedAtTick,
                messages,
                bytes);
        });
        var answer = new ConnectionsAnswer(connections.Count, [.. listed]);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, AdminJson.Default.ConnectionsAnswer);
    }
}
