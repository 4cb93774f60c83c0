using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Journal;

namespace PeerSync.Actors.Sync;

/// <summary>One user's stream of events: numbers them, makes them durable, acknowledges them and tells them to the user's other connected devices.</summary>
/// <remarks>
/// <para>
/// Event-sourced (design: an event is acknowledged only after its commit). Events are taken in while earlier ones are being written, so that a burst is
/// committed in few large groups; the state that recognises duplicates therefore runs ahead of the journal. That is safe because every answer waits for
/// the commits of all earlier events, and because this actor ends when a commit fails, whereupon all of it is read again from the journal.
/// </para>
/// <para>Exists while a device is connected or something is under way, and is passivated otherwise.</para>
/// </remarks>
public sealed partial class SyncUserActor : UntypedPersistentActor
{
    private readonly UserId _userId;
    private readonly SyncRegions _regions;
    private readonly SyncSettings _settings;
    private readonly IEventQueries _events;
    private readonly SyncCounters _counters;
    private readonly Dictionary<DeviceId, OnlineDevice> _online = [];

    // Those whose admission waits for the events before it to be durable.
    private readonly Dictionary<DeviceId, Admission> _admissions = [];

    private SyncUserState _state = new();
    private int _inFlight;
    private long _assigned;
    private EventBudget _budget;

    /// <param name="userId">The user.</param>
    /// <param name="regions">Where the devices are reached.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="events">The journal, for deleting.</param>
    /// <param name="counters">What the metrics read.</param>
    public SyncUserActor(UserId userId, SyncRegions regions, SyncSettings settings, IEventQueries events, SyncCounters counters)
    {
        _userId = userId;
        _regions = regions;
        _settings = settings;
        _events = events;
        _counters = counters;
        PersistenceId = SyncJournal.PersistenceId(userId);
        _budget = new EventBudget(settings.EventBurst, settings.EventsPerMinute, Context.System.TimeProvider.GetTimestamp());
    }

    /// <inheritdoc />
    public override string PersistenceId { get; }

    private static TimeProvider Time => Context.System.TimeProvider;

    private bool IsIdle => _online.Count == 0 && _inFlight == 0 && _deletion is null && !_savingSnapshot && !IsErasing && _whenQuiet is null;

    /// <inheritdoc />
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case EventStored stored:
                _state.Add(LastSequenceNr, stored.EventId, stored.DeviceId, stored.DeviceSeq, stored.StreamId, stored.StreamSeq);
                break;
            case DeviceJoined joined:
                _state.Reset(joined.DeviceId);
                break;
            case SnapshotOffer { Snapshot: SyncUserSnapshot snapshot } offer:
                _state = snapshot.Restore();
                _snapshotAt = offer.Metadata.SequenceNr;
                _savedTo = _snapshotAt;
                break;
            case RecoveryCompleted:
                _assigned = LastSequenceNr;
                break;
        }
    }

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case AppendEvent append:
                Append(append);
                return;
            case SkipEvent when _whenQuiet is not null:
                // Events that it sent before are waiting too.
                Stash.Stash();
                return;
            case SkipEvent skip when IsCurrent(skip.DeviceId, skip.ConnectionId):
                _counters.EventDropped();
                Acknowledge(skip.DeviceSeq);
                return;
            case SkipEvent:
                Sender.Tell(EventRefused.Instance, Self);
                break;
            case TellOtherDevices tell:
                TellOthers(tell.From, tell.Frame);
                break;
            case AdmitDevice admit:
                Admit(admit);
                break;
            case DismissDevice dismiss:
                Dismiss(dismiss);
                break;
            case ListOnlineDevices:
                Sender.Tell(new OnlineDevices([.. _online.Select(static device => new SyncLiveDevice(
                    device.Key.Value, device.Value.ConnectedAt, device.Value.ExpiresAt))]), Self);
                break;
            case StopIfIdle:
                Stop();
                return;
            default:
                OnUpkeep(message);
                break;
        }

        PassivateIfIdle();
    }

    /// <inheritdoc />
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // The commit may have happened all the same: whoever waits has to come back, send again what was not acknowledged, and will be answered
        // from what the journal really has.
        _counters.StreamFailed();
        Context.GetLogger().Warning("The events of a user could not be written: {0}", cause.Message);
        LoseDevices();
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc />
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _counters.StreamFailed();
        base.OnPersistRejected(cause, @event, sequenceNr);

        // The state has taken the event in already: only the journal tells what is true.
        throw new InvalidOperationException("The journal does not take an event of a user.", cause);
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        LoseDevices();
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        LoseDevices();
        DisappointAskers();
        base.PostStop();
    }

    private bool IsCurrent(DeviceId deviceId, ConnectionId connectionId) =>
        _online.TryGetValue(deviceId, out var device) && device.ConnectionId == connectionId;

    private void Append(AppendEvent append)
    {
        if (!IsCurrent(append.DeviceId, append.ConnectionId))
        {
            append.Message.Release();
            Sender.Tell(EventRefused.Instance, Self);
            PassivateIfIdle();
            return;
        }

        if (_whenQuiet is not null)
        {
            Stash.Stash();
            return;
        }

        if (SnapshotIsDue())
        {
            Stash.Stash();
            TakeSnapshotWhenQuiet();
            return;
        }

        if (_state.IsKnown(append.EventId, append.DeviceId.Value, append.DeviceSeq))
        {
            append.Message.Release();
            _counters.EventDuplicate();
            Acknowledge(append.DeviceSeq);
            return;
        }

        var now = Time.GetUtcNow();
        var streamSeq = _state.NextStreamSeq(append.StreamId);
        var frame = MessageBuffer.Rent(append.Length + 128);
        var json = SyncWriter.Event(
            frame, append.Splice, append.Message.Span.Slice(append.Offset, append.Length), _userId.Value, streamSeq, now.ToUnixTimeMilliseconds());
        append.Message.Release();
        var stored = new EventStored(
            append.EventId, append.DeviceId.Value, append.DeviceSeq, append.StreamId, streamSeq, append.Ttl ?? long.MaxValue, frame.Memory[json]);
        _state.Add(++_assigned, append.EventId, append.DeviceId.Value, append.DeviceSeq, append.StreamId, streamSeq);
        _inFlight++;
        var pause = _budget.Take(Time.GetTimestamp(), Time.TimestampFrequency);
        if (pause > TimeSpan.Zero)
        {
            _counters.Paused();
        }

        PersistAsync(WithTags(stored, append), _ => OnStored(append, frame, now, pause));
    }

    private void OnStored(AppendEvent append, MessageBuffer frame, DateTimeOffset at, TimeSpan pause)
    {
        _inFlight--;
        Sender.Tell(new EventAccepted(append.DeviceSeq, pause), Self);
        var receivers = 0;
        foreach (var (deviceId, _) in _online)
        {
            if (deviceId != append.DeviceId)
            {
                frame.Retain();
                receivers++;
                _regions.Devices.Tell(new DeliverEvent(deviceId, _userId, LastSequenceNr, append.DeviceSeq, frame), Self);
            }
        }

        frame.Release();
        _counters.EventStored(receivers);
        if (receivers > 0 && append.EventType == SyncJournal.FileTag)
        {
            var activity = MessageBuffer.Rent();
            SyncWriter.ActivityEvent(activity, append.EventId, append.DeviceId, append.EventType, at.ToUnixTimeMilliseconds(), append.PayloadSize);
            TellOthers(append.DeviceId, activity);
        }

        PassivateIfIdle();
    }

    // Behind the answers to all events that are being written: clients take an acknowledgement for that of everything before it.
    private void Acknowledge(long deviceSeq)
    {
        _inFlight++;
        DeferAsync(deviceSeq, acknowledged =>
        {
            _inFlight--;
            Sender.Tell(new EventAccepted(acknowledged, TimeSpan.Zero), Self);
            PassivateIfIdle();
        });
    }

    private static object WithTags(EventStored stored, AppendEvent append)
    {
        var isFile = append.EventType == SyncJournal.FileTag;
        if (!isFile && append.Ttl is null)
        {
            return stored;
        }

        var tags = System.Collections.Immutable.ImmutableHashSet<string>.Empty;
        if (isFile)
        {
            tags = tags.Add(SyncJournal.FileTag);
        }

        if (append.Ttl is { } ttl && ttl < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            tags = tags.Add(SyncJournal.ExpiryTag(DateTimeOffset.FromUnixTimeMilliseconds(ttl)));
        }

        return new Tagged(stored, tags);
    }

    private void Admit(AdmitDevice admit)
    {
        if (_erasers is not null)
        {
            Sender.Tell(new DeviceRefused(admit.ConnectionId, SyncClose.DeviceRevoked), Self);
            return;
        }

        // A device that comes back takes its own place, also when all places are taken (Sync contract, F6).
        if (!HasPlace(admit.DeviceId))
        {
            Sender.Tell(new DeviceRefused(admit.ConnectionId, SyncClose.ForTooManyDevices(_settings.MaxDevices)), Self);
            return;
        }

        // The client takes the last number that it is told for an acknowledgement of all up to it, so these must be durable before it is told.
        _inFlight++;
        if (admit.Joined)
        {
            _state.Reset(admit.DeviceId.Value);
            _assigned++;
            _admissions[admit.DeviceId] = new Admission(Sender, admit, LastDeviceSeq: 0);
            PersistAsync(new DeviceJoined(admit.DeviceId.Value), _ => LetIn(admit));
        }
        else
        {
            _admissions[admit.DeviceId] = new Admission(Sender, admit, _state.LastDeviceSeq(admit.DeviceId.Value));
            DeferAsync(admit, LetIn);
        }
    }

    private bool HasPlace(DeviceId deviceId)
    {
        if (_online.ContainsKey(deviceId) || _admissions.ContainsKey(deviceId))
        {
            return true;
        }

        var taken = _online.Count;
        foreach (var (admitted, _) in _admissions)
        {
            taken += _online.ContainsKey(admitted) ? 0 : 1;
        }

        return taken < _settings.MaxDevices;
    }

    private void LetIn(AdmitDevice admit)
    {
        _inFlight--;
        if (_admissions.TryGetValue(admit.DeviceId, out var admission) && admission.Admit.ConnectionId == admit.ConnectionId)
        {
            _admissions.Remove(admit.DeviceId);
            LetIn(admission);
        }

        PassivateIfIdle();
    }

    private void LetIn(Admission admission)
    {
        var admit = admission.Admit;
        var isNew = !_online.ContainsKey(admit.DeviceId);
        _online[admit.DeviceId] = new OnlineDevice(admit.ConnectionId, Time.GetUtcNow(), admit.ExpiresAt);
        if (isNew)
        {
            _counters.DeviceCame(first: _online.Count == 1);
        }

        var device = admit.DeviceId.Value;
        admission.Asker.Tell(new DeviceAdmitted(admit.ConnectionId, admission.LastDeviceSeq, LastSequenceNr, _state.LastForeign(device)), Self);
        var frame = MessageBuffer.Rent();
        SyncWriter.DeviceOnline(frame, _userId.Value, admit.DeviceId.ToString(), admit.Name, admit.Type, Time.GetUtcNow().ToUnixTimeMilliseconds());
        TellOthers(admit.DeviceId, frame);
        if (admit.Joined)
        {
            TellOthers(admit.DeviceId, DevicePaired(admit.DeviceId));
        }
    }

    private void Dismiss(DismissDevice dismiss)
    {
        var deviceId = dismiss.DeviceId;
        if (_admissions.TryGetValue(deviceId, out var admission) && admission.Admit.ConnectionId == dismiss.ConnectionId)
        {
            _admissions.Remove(deviceId);
        }

        if (!IsCurrent(deviceId, dismiss.ConnectionId))
        {
            return;
        }

        _online.Remove(deviceId);
        _counters.DeviceWent(last: _online.Count == 0);
        var frame = MessageBuffer.Rent();
        SyncWriter.DeviceOffline(frame, _userId.Value, deviceId.ToString(), Time.GetUtcNow().ToUnixTimeMilliseconds());
        TellOthers(deviceId, frame);
    }

    private static MessageBuffer DevicePaired(DeviceId deviceId)
    {
        var frame = MessageBuffer.Rent();
        SyncWriter.DevicePaired(frame, deviceId.ToString(), Time.GetUtcNow().ToUnixTimeMilliseconds());
        return frame;
    }

    private void TellOthers(DeviceId from, MessageBuffer frame)
    {
        foreach (var (deviceId, _) in _online)
        {
            if (deviceId != from)
            {
                frame.Retain();
                _regions.Devices.Tell(new DeliverNotice(deviceId, _userId, frame), Self);
            }
        }

        frame.Release();
    }

    private void LoseDevices()
    {
        foreach (var (deviceId, _) in _online)
        {
            _regions.Devices.Tell(new StreamLost(deviceId, _userId), Self);
        }

        for (var left = _online.Count; left > 0; left--)
        {
            _counters.DeviceWent(last: left == 1);
        }

        _online.Clear();
        foreach (var (_, admission) in _admissions)
        {
            admission.Asker.Tell(new DeviceRefused(admission.Admit.ConnectionId, SyncClose.ProcessingFailed), Self);
        }

        _admissions.Clear();
    }

    private void Stop()
    {
        if (IsIdle)
        {
            Context.Stop(Self);
        }
        else
        {
            Context.Parent.Tell(CancelPassivation.Instance, Self);
        }
    }

    private void PassivateIfIdle()
    {
        if (IsIdle)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    private sealed record Admission(IActorRef Asker, AdmitDevice Admit, long LastDeviceSeq);

    private sealed record OnlineDevice(ConnectionId ConnectionId, DateTimeOffset ConnectedAt, DateTimeOffset ExpiresAt);
}
