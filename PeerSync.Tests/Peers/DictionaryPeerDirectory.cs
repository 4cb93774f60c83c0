using PeerSync.Storage;
using PeerSync.Storage.Peers;

namespace PeerSync.Tests.Peers;

/// <summary>The directory's rules over dictionaries, with a switch for its failure and a hook that runs before each call.</summary>
internal sealed class DictionaryPeerDirectory : IPeerDirectory
{
    private static readonly DateTimeOffset Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_560);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, UserRecord> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetworkRecord> _byCode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetworkRecord> _memberships = new(StringComparer.Ordinal);

    public bool IsUnavailable { get; set; }

    /// <summary>Awaited by every call, so that a test can hold it.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = static _ => Task.CompletedTask;

    public UserRecord? User(string id)
    {
        lock (_gate)
        {
            return _users.GetValueOrDefault(id);
        }
    }

    public Task SaveUserAsync(UserRecord user, CancellationToken cancellationToken) =>
        RunAsync(() => _users[user.Id] = user, cancellationToken);

    public Task<NetworkRecord?> FindNetworkAsync(string userId, CancellationToken cancellationToken) =>
        RunAsync(() => _memberships.GetValueOrDefault(userId), cancellationToken);

    public Task<NetworkRecord> CreateNetworkAsync(UserRecord user, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            _users.TryAdd(user.Id, user);
            var network = new NetworkRecord(Guid.NewGuid().ToString(), CodeOf(_byCode.Count), user.Id, Created);
            _byCode.Add(network.InviteCode, network);
            return _memberships[user.Id] = network;
        },
        cancellationToken);

    public Task<NetworkRecord?> JoinNetworkAsync(UserRecord user, string inviteCode, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            _users.TryAdd(user.Id, user);
            if (_byCode.TryGetValue(inviteCode, out var network))
            {
                _memberships[user.Id] = network;
            }

            return network;
        },
        cancellationToken);

    public Task LeaveNetworkAsync(string userId, CancellationToken cancellationToken) =>
        RunAsync(() => _memberships.Remove(userId), cancellationToken);

    private static string CodeOf(int number) => "PS-ABCDE" + (char)('A' + number);

    private async Task<T> RunAsync<T>(Func<T> change, CancellationToken cancellationToken)
    {
        await Before(cancellationToken);
        if (IsUnavailable)
        {
            throw new StorageUnavailableException("finding networks", new IOException("secret detail of the engine"));
        }

        lock (_gate)
        {
            return change();
        }
    }
}
