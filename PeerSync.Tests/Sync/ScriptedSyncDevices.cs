using System.Collections.Concurrent;
using PeerSync.Actors.Sync;

namespace PeerSync.Tests.Sync;

/// <summary>The live side as a test wants it: who is connected, and a record of who was told to go.</summary>
internal sealed class ScriptedSyncDevices : ISyncDevices
{
    private readonly ConcurrentDictionary<(string UserId, Guid DeviceId), SyncLiveDevice> _online = new();

    public ConcurrentQueue<(Guid DeviceId, string UserId, SyncDisconnect Kind)> Disconnected { get; } = new();

    public ConcurrentDictionary<string, long> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Thrown by every call while it is set.</summary>
    public Exception? Fault { get; set; }

    public void Connect(string userId, Guid deviceId, DateTimeOffset now) =>
        _online[(userId, deviceId)] = new SyncLiveDevice(deviceId, now.AddMinutes(-1), now.AddHours(23));

    public Task<IReadOnlyList<SyncLiveDevice>> GetOnlineAsync(string userId, CancellationToken cancellationToken) =>
        Fault is not null ? Task.FromException<IReadOnlyList<SyncLiveDevice>>(Fault) : Task.FromResult<IReadOnlyList<SyncLiveDevice>>([.. _online.Where(entry => entry.Key.UserId == userId).Select(static entry => entry.Value)]);

    public Task DisconnectAsync(Guid deviceId, string userId, SyncDisconnect kind, CancellationToken cancellationToken)
    {
        Disconnected.Enqueue((deviceId, userId, kind));
        _online.TryRemove((userId, deviceId), out _);
        return Task.CompletedTask;
    }

    public Task<long> DeleteEventsAsync(string userId, CancellationToken cancellationToken) =>
        Fault is not null ? Task.FromException<long>(Fault) : Task.FromResult(Events.TryRemove(userId, out var count) ? count : 0);
}
