using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>All that the Sharing feature keeps.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SharingStore
{
    internal SharingStore(Database database)
    {
        ArgumentNullException.ThrowIfNull(database);
        Accounts = new SharingAccounts(database);
        Handshakes = new SharingHandshakes(database);
        Devices = new SharingDevices(database);
        Teams = new SharingTeams(database);
        Shares = new SharingShares(database);
        Feed = new SharingFeed(database);
    }

    /// <summary>Users and their logins.</summary>
    public ISharingAccounts Accounts { get; }

    /// <summary>Logins through the browser.</summary>
    public ISharingHandshakes Handshakes { get; }

    /// <summary>Device keys and pairing messages.</summary>
    public ISharingDevices Devices { get; }

    /// <summary>Teams, members, invitations and their audit log.</summary>
    public ISharingTeams Teams { get; }

    /// <summary>Code shares and their wrapped keys.</summary>
    public ISharingShares Shares { get; }

    /// <summary>What has happened, for clients that listen and clients that come back.</summary>
    public ISharingFeed Feed { get; }
}
