using System.Diagnostics.CodeAnalysis;
using PeerSync.Kernel;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Journal;

/// <summary>
/// Collects the batches of all actors and has them written in groups. A batch that comes alone is written at once; what comes while a group is being committed
/// forms the next one, so groups grow with the load and nobody waits for company.
/// </summary>
/// <remarks>
/// Thread-safe. A group that fails in a way that may pass is tried again, with growing pauses, until the deadline of its batches. Batches of one actor are never
/// in two groups at a time, so they are written in order although two groups may be under way; and after one of them has failed, those that wait behind it
/// fail as well.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Closing it, which takes a deadline, releases the timers.")]
internal sealed class GroupCommitter : IGroupSource
{
    private const string Operation = "writing events";

    // The second waits for its turn while the first is being committed, so that the database is never idle in between.
    private const int MaxLanes = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JournalStream> _streams = new(StringComparer.Ordinal);
    private readonly Queue<JournalStream> _ready = new();
    private readonly Queue<JournalBatch> _waiting = new();
    private readonly RefusedWriters _refused = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Database _database;
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly IStorageEvents _listener;
    private readonly ITimer _expiry;
    private readonly ITimer _resumption;
    private long _events;
    private long _bytes;
    private int _lanes;
    private int _failures;
    private bool _hasUntakenLane;
    private bool _isExpiryArmed;
    private bool _isPaused;
    private bool _isClosing;
    private Exception? _lastFault;

    /// <summary>Waits for batches.</summary>
    public GroupCommitter(Database database, StorageOptions options, TimeProvider time, IStorageEvents listener)
    {
        _database = database;
        _options = options;
        _time = time;
        _listener = listener;
        _expiry = time.CreateTimer(static state => ((GroupCommitter)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _resumption = time.CreateTimer(static state => ((GroupCommitter)state!).Resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether events wait that could not be written when it was tried, and tried again.</summary>
    public bool IsStalled
    {
        get
        {
            lock (_gate)
            {
                // A single failure may be the one that passes.
                return _failures > 1 && (_events > 0 || _waiting.Count > 0);
            }
        }
    }

    /// <summary>Writes a batch; the task completes when it is durable.</summary>
    /// <exception cref="JournalConflictException">Thrown by the task: its numbers do not follow what is stored.</exception>
    /// <exception cref="JournalUnavailableException">Thrown by the task: it was not written in time, or the storage is closed.</exception>
    public Task WriteAsync(JournalBatch batch)
    {
        bool startsLane;
        lock (_gate)
        {
            if (_isClosing)
            {
                return Task.FromException(new JournalUnavailableException("The journal is closed.", null));
            }

            if (_refused.Contains(batch))
            {
                return Task.FromException(new JournalConflictException(batch.PersistenceId, null));
            }

            batch.Deadline = _time.GetTimestamp() + ToTimestamp(_options.JournalTimeout);

            // Nobody passes those who wait for room: they may be earlier events of the same actor.
            if (_waiting.Count == 0 && HasRoomFor(batch))
            {
                Admit(batch);
            }
            else
            {
                _waiting.Enqueue(batch);
            }

            if (!_isExpiryArmed)
            {
                _isExpiryArmed = true;
                _expiry.Change(_options.JournalTimeout, Timeout.InfiniteTimeSpan);
            }

            startsLane = TryReserveLane();
        }

        if (startsLane)
        {
            _database.WriteGroup(this);
        }

        return batch.Completion;
    }

    /// <summary>Waits until what an actor has queued up so far is written or has failed; not for what comes afterwards.</summary>
    public async Task WhenSettledAsync(string persistenceId, CancellationToken cancellationToken)
    {
        Task last;
        lock (_gate)
        {
            var queued = _streams.TryGetValue(persistenceId, out var stream) ? stream.Batches.LastOrDefault() : null;
            last = (_waiting.LastOrDefault(batch => batch.PersistenceId == persistenceId) ?? queued)?.Completion ?? Task.CompletedTask;
        }

        await last.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public JournalGroup? Take()
    {
        lock (_gate)
        {
            _hasUntakenLane = false;
            var group = new JournalGroup(_time.GetTimestamp());
            while (!IsFull(group) && _ready.TryDequeue(out var stream))
            {
                stream.IsReady = false;
                TakeFrom(stream, group);
            }

            if (group.Batches.Count > 0)
            {
                return group;
            }

            _lanes--;
            return null;
        }
    }

    /// <inheritdoc/>
    public void Complete(JournalGroup group)
    {
        bool startsLane;
        List<JournalBatch>? followers = null;
        lock (_gate)
        {
            _lanes--;
            _failures = 0;
            foreach (var stream in group.Streams)
            {
                Release(stream, ref followers);
            }

            AdmitWaiting();
            startsLane = TryReserveLane();
        }

        // First, so that the database works on while the callers are woken.
        if (startsLane)
        {
            _database.WriteGroup(this);
        }

        _listener.EventsCommitted(group.Events, group.Batches.Count, _time.GetElapsedTime(group.TakenAt));
        Publish(group.Batches, followers);
        SignalIfDrained();
    }

    /// <inheritdoc/>
    public void Fail(JournalGroup? group, Exception reason)
    {
        List<JournalBatch>? followers = null;
        lock (_gate)
        {
            if (group is null)
            {
                _hasUntakenLane = false;
            }

            _lanes--;
            _lastFault = reason;
            foreach (var stream in group?.Streams ?? [])
            {
                Release(stream, ref followers);
            }

            AdmitWaiting();
            _isPaused = true;
            var pause = Math.Min(FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)), LongestPause.TotalMilliseconds);
            _resumption.Change(TimeSpan.FromMilliseconds(pause), Timeout.InfiniteTimeSpan);
        }

        _listener.OperationRetried(Operation, reason);
        Publish(group?.Batches ?? [], followers);
        SignalIfDrained();
    }

    /// <summary>Refuses new batches, and waits for those inside until the token is cancelled; what is left then fails.</summary>
    public async Task CloseAsync(CancellationToken deadline)
    {
        lock (_gate)
        {
            _isClosing = true;
        }

        SignalIfDrained();
        await Task.WhenAny(_drained.Task, Task.Delay(Timeout.InfiniteTimeSpan, _time, deadline));
        await _expiry.DisposeAsync();
        await _resumption.DisposeAsync();
        List<JournalBatch> left;
        lock (_gate)
        {
            left = [.. _streams.Values.SelectMany(stream => stream.Batches), .. _waiting];
        }

        left.ForEach(batch => batch.Fail(new JournalUnavailableException("The journal was closed before the events were written.", _lastFault)));
    }

    private void Publish(List<JournalBatch> batches, List<JournalBatch>? followers)
    {
        foreach (var batch in followers is null ? batches : batches.Concat(followers))
        {
            if (batch.IsDecided)
            {
                batch.Publish();
                if (batch.Refusal is { } refusal)
                {
                    _listener.EventsRefused(batch.Entries.Length, refusal);
                }
            }
        }
    }

    private static bool IsAfter(JournalBatch? earlier, JournalBatch batch) => earlier is null || earlier.Last + 1 == batch.First;

    private void TakeFrom(JournalStream stream, JournalGroup group)
    {
        JournalBatch? previous = null;
        foreach (var batch in stream.Batches)
        {
            // Another incarnation of the actor may have queued up as well: what does not follow is judged when it is the first.
            if (!IsAfter(previous, batch) || IsFull(group))
            {
                break;
            }

            group.Add(batch);
            stream.Taken++;
            previous = batch;
        }

        if (stream.Taken > 0)
        {
            group.Streams.Add(stream);
        }
        else
        {
            _streams.Remove(stream.PersistenceId);
        }
    }

    /// <summary>Takes a stream back from a group: what was decided leaves it, the rest may be taken again.</summary>
    private void Release(JournalStream stream, ref List<JournalBatch>? followers)
    {
        JournalBatch? culprit = null;
        for (; stream.Taken > 0; stream.Taken--)
        {
            var batch = stream.Batches.Peek();
            if (!batch.IsDecided && !batch.Completion.IsCompleted)
            {
                break;
            }

            Leave(stream.Batches.Dequeue());
            if (batch.Refusal is not null)
            {
                culprit = batch;
                _refused.Add(batch);
            }
        }

        stream.Taken = 0;
        if (culprit is not null)
        {
            RefuseFollowers(stream, culprit, ref followers);
        }

        MakeReady(stream);
    }

    /// <summary>What an incarnation queued up behind a batch that was refused was meant to follow it.</summary>
    private void RefuseFollowers(JournalStream stream, JournalBatch culprit, ref List<JournalBatch>? followers)
    {
        for (var count = stream.Batches.Count; count > 0; count--)
        {
            var batch = stream.Batches.Dequeue();
            if (batch.WriterUuid != culprit.WriterUuid)
            {
                stream.Batches.Enqueue(batch);
                continue;
            }

            Leave(batch);
            batch.RefuseAsConflict();
            (followers ??= []).Add(batch);
        }
    }

    private void MakeReady(JournalStream stream)
    {
        if (stream.Batches.Count == 0)
        {
            _streams.Remove(stream.PersistenceId);
        }
        else if (!stream.IsReady && stream.Taken == 0)
        {
            stream.IsReady = true;
            _ready.Enqueue(stream);
        }
    }

    private void Admit(JournalBatch batch)
    {
        _events += batch.Entries.Length;
        _bytes += batch.Bytes;
        if (!_streams.TryGetValue(batch.PersistenceId, out var stream))
        {
            stream = new JournalStream(batch.PersistenceId);
            _streams.Add(batch.PersistenceId, stream);
        }

        stream.Batches.Enqueue(batch);
        MakeReady(stream);
    }

    private void AdmitWaiting()
    {
        while (_waiting.TryPeek(out var batch) && (batch.Completion.IsCompleted || HasRoomFor(batch)))
        {
            _waiting.Dequeue();
            if (!batch.Completion.IsCompleted)
            {
                Admit(batch);
            }
        }
    }

    private void Leave(JournalBatch batch)
    {
        _events -= batch.Entries.Length;
        _bytes -= batch.Bytes;
    }

    // One that is larger than the queue is let in when it is alone.
    private bool HasRoomFor(JournalBatch batch) =>
        _events == 0
        || (_events + batch.Entries.Length <= _options.JournalQueueEvents && _bytes + batch.Bytes <= _options.JournalQueueBytes);

    private bool IsFull(JournalGroup group) => group.Events >= _options.JournalGroupEvents || group.Bytes >= _options.JournalGroupBytes;

    private bool TryReserveLane()
    {
        if (_ready.Count == 0 || _isPaused || _hasUntakenLane || _lanes == MaxLanes)
        {
            return false;
        }

        _lanes++;
        _hasUntakenLane = true;
        return true;
    }

    private void Resume()
    {
        bool startsLane;
        lock (_gate)
        {
            _isPaused = false;
            startsLane = TryReserveLane();
        }

        if (startsLane)
        {
            _database.WriteGroup(this);
        }
    }

    private void Expire()
    {
        List<JournalBatch> late = [];
        JournalUnavailableException reason;
        bool startsLane;
        lock (_gate)
        {
            reason = new JournalUnavailableException($"Events were not written within {_options.JournalTimeout.TotalSeconds:0.###} seconds.", _lastFault);
            var next = CollectLate(late, _time.GetTimestamp());
            _isExpiryArmed = next is not null;
            if (next is { } deadline)
            {
                // A timer may fire a little early.
                _expiry.Change(_time.GetElapsedTime(_time.GetTimestamp(), deadline) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }

            late.ForEach(batch => batch.Fail(reason));
            AdmitWaiting();
            startsLane = TryReserveLane();
        }

        if (startsLane)
        {
            _database.WriteGroup(this);
        }

        if (late.Count > 0)
        {
            _listener.OperationFailed(Operation, reason);
        }

        SignalIfDrained();
    }

    /// <summary>Finds batches whose deadline has passed.</summary>
    /// <returns>The earliest deadline of the others.</returns>
    private long? CollectLate(List<JournalBatch> late, long now)
    {
        long? next = null;
        foreach (var stream in _streams.Values)
        {
            if (!stream.Batches.TryPeek(out var oldest))
            {
                continue;
            }

            if (oldest.Deadline > now)
            {
                next = Math.Min(next ?? long.MaxValue, oldest.Deadline);
                continue;
            }

            // With those behind it, which were meant to follow it.
            late.AddRange(stream.Batches);
            KeepTaken(stream);
        }

        foreach (var batch in _waiting)
        {
            if (batch.Deadline > now)
            {
                // They came in this order.
                return Math.Min(next ?? long.MaxValue, batch.Deadline);
            }

            late.Add(batch);
        }

        return next;
    }

    /// <summary>Lets go what no group has taken. What one has leaves with it; an empty stream goes when its turn comes.</summary>
    private void KeepTaken(JournalStream stream)
    {
        var count = stream.Batches.Count;
        for (var i = 0; i < count; i++)
        {
            var batch = stream.Batches.Dequeue();
            if (i < stream.Taken)
            {
                stream.Batches.Enqueue(batch);
            }
            else
            {
                Leave(batch);
            }
        }
    }

    private void SignalIfDrained()
    {
        lock (_gate)
        {
            if (_isClosing && _events == 0 && _waiting.Count == 0)
            {
                _drained.TrySetResult();
            }
        }
    }

    private long ToTimestamp(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);
}
