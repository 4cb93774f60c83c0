using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>A device has confirmed events.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="UserId">Whose events.</param>
/// <param name="Cursor">The last one that it has confirmed, with all before it, by the journal's number.</param>
public sealed record CursorMoved(DeviceId DeviceId, UserId UserId, long Cursor);

/// <summary>What has been told of cursors is to be saved without the usual wait: a device is leaving, and may be back at once.</summary>
public sealed class SaveCursors
{
    private SaveCursors()
    {
    }

    /// <summary>The one instance.</summary>
    public static SaveCursors Now { get; } = new();
}

/// <summary>Writes devices' cursors to the database, many at once. One that is lost costs a repetition of events that the device knows.</summary>
/// <param name="directory">Where they are kept.</param>
public sealed class SyncCursorActor(ISyncDirectory directory) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(DeviceId DeviceId, UserId UserId), long> _moved = [];
    private bool _saving;
    private bool _isUrgent;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CursorMoved moved:
                _moved[(moved.DeviceId, moved.UserId)] = moved.Cursor;
                if (!_saving && !Timers.IsTimerActive(nameof(Save)))
                {
                    Timers.StartSingleTimer(nameof(Save), Tick.Instance, Delay);
                }

                break;
            case SaveCursors when _saving:
                _isUrgent = true;
                break;
            case SaveCursors or Tick:
                Save();
                break;
            case Saved saved:
                _saving = false;
                if (saved.Fault is { } fault)
                {
                    Context.GetLogger().Warning("What devices have confirmed could not be saved: {0}", fault.Message);
                }

                if (_isUrgent)
                {
                    Save();
                }
                else if (_moved.Count > 0)
                {
                    Timers.StartSingleTimer(nameof(Save), Tick.Instance, Delay);
                }

                break;
        }
    }

    private void Save()
    {
        _isUrgent = false;
        Timers.Cancel(nameof(Save));
        if (_moved.Count == 0)
        {
            return;
        }

        (Guid, string, long)[] cursors = [.. _moved.Select(static moved => (moved.Key.DeviceId.Value, moved.Key.UserId.Value, moved.Value))];
        _moved.Clear();
        _saving = true;
        directory.SaveCursorsAsync(cursors, CancellationToken.None).PipeTo(Self, success: static () => new Saved(null), failure: static fault => new Saved(fault));
    }

    private sealed record Saved(Exception? Fault);

    private sealed class Tick
    {
        internal static Tick Instance { get; } = new();
    }
}
