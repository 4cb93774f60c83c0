using PeerSync.Actors.Sharing;
using PeerSync.Host.Configuration;
using PeerSync.Kernel;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Says what the Sharing feature does not keep for ever.</summary>
internal static class SharingRetention
{
    // Whoever comes with an invitation that is over is told so for a while.
    private static readonly TimeSpan InvitationsKept = TimeSpan.FromDays(30);

    /// <summary>Begins to delete it.</summary>
    internal static void StartSharingRetention(this IServiceProvider services, PeerSyncOptions options, ActorSystem system)
    {
        var sharing = services.GetRequiredService<SharingStore>();
        var metrics = services.GetRequiredService<SharesMetrics>();
        SharingCleanup[] cleanups =
        [
            new("Shares", DeleteSharesAsync),
            new("Sessions", sharing.Accounts.DeleteExpiredAsync),
            new("Logins through the browser", sharing.Handshakes.DeleteExpiredAsync),
            new("Messages between windows", sharing.Devices.DeleteExpiredAsync),
            new("Invitations", (batch, cancellationToken) => sharing.Teams.DeleteExpiredInvitationsAsync(InvitationsKept, batch, cancellationToken)),
            new("Events", (batch, cancellationToken) => sharing.Feed.DeleteExpiredAsync(options.Sharing.Feed.Retention, batch, cancellationToken)),
        ];
        system.ActorOf(Props.Create(() => new SharingRetentionActor(cleanups)), "sharing-retention");

        async Task<int> DeleteSharesAsync(int batch, CancellationToken cancellationToken)
        {
            var deleted = await sharing.Shares.DeleteExpiredAsync(options.Sharing.ShareRetention, batch, cancellationToken);
            metrics.Expired(deleted);
            return deleted;
        }
    }
}
