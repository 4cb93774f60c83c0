namespace PeerSync.Actors.Sync;

/// <summary>Counts what the Sync feature does. Written by the actors, read by the metrics; thread-safe.</summary>
public sealed class SyncCounters
{
    private long _devicesCame;
    private long _devicesWent;
    private long _usersOnline;
    private long _eventsStored;
    private long _eventsDuplicate;
    private long _eventsDropped;
    private long _eventsForeign;
    private long _eventsRefused;
    private long _eventsRelayed;
    private long _eventsReplayed;
    private long _handshakesSucceeded;
    private long _handshakesFailed;
    private long _pauses;
    private long _lags;
    private long _streamFaults;
    private long _expired;
    private long _devicesExpired;

    /// <summary>Devices that are connected.</summary>
    public long DevicesOnline => DevicesCame - DevicesWent;

    /// <summary>Sessions that began, since the start.</summary>
    public long DevicesCame => Interlocked.Read(ref _devicesCame);

    /// <summary>Sessions that ended, since the start.</summary>
    public long DevicesWent => Interlocked.Read(ref _devicesWent);

    /// <summary>Users with a connected device.</summary>
    public long UsersOnline => Interlocked.Read(ref _usersOnline);

    /// <summary>Events that became durable.</summary>
    public long EventsStored => Interlocked.Read(ref _eventsStored);

    /// <summary>Events that were known already and acknowledged again.</summary>
    public long EventsDuplicate => Interlocked.Read(ref _eventsDuplicate);

    /// <summary>Events that can never be accepted and were acknowledged without being kept.</summary>
    public long EventsDropped => Interlocked.Read(ref _eventsDropped);

    /// <summary>Other devices' events that a client sent back; ignored.</summary>
    public long EventsForeign => Interlocked.Read(ref _eventsForeign);

    /// <summary>Events that ended their socket.</summary>
    public long EventsRefused => Interlocked.Read(ref _eventsRefused);

    /// <summary>Events told to connected devices as they came, one per receiver.</summary>
    public long EventsRelayed => Interlocked.Read(ref _eventsRelayed);

    /// <summary>Events sent from the journal, in replays or to devices that had been too slow.</summary>
    public long EventsReplayed => Interlocked.Read(ref _eventsReplayed);

    /// <summary>Handshakes that led to a session.</summary>
    public long HandshakesSucceeded => Interlocked.Read(ref _handshakesSucceeded);

    /// <summary>Handshakes that did not.</summary>
    public long HandshakesFailed => Interlocked.Read(ref _handshakesFailed);

    /// <summary>How often a socket was not read for a while because its user was above budget.</summary>
    public long Pauses => Interlocked.Read(ref _pauses);

    /// <summary>How often a device was so slow that live events were left to the journal.</summary>
    public long Lags => Interlocked.Read(ref _lags);

    /// <summary>Streams that ended because the journal failed or another node had gone on with them.</summary>
    public long StreamFaults => Interlocked.Read(ref _streamFaults);

    /// <summary>Events deleted because their time was over.</summary>
    public long EventsExpired => Interlocked.Read(ref _expired);

    /// <summary>Devices deleted because nobody had seen them for long.</summary>
    public long DevicesExpired => Interlocked.Read(ref _devicesExpired);

    internal void DeviceCame(bool first)
    {
        Interlocked.Increment(ref _devicesCame);
        if (first)
        {
            Interlocked.Increment(ref _usersOnline);
        }
    }

    internal void DeviceWent(bool last)
    {
        Interlocked.Increment(ref _devicesWent);
        if (last)
        {
            Interlocked.Decrement(ref _usersOnline);
        }
    }

    internal void EventStored(int receivers)
    {
        Interlocked.Increment(ref _eventsStored);
        if (receivers > 0)
        {
            Interlocked.Add(ref _eventsRelayed, receivers);
        }
    }

    internal void EventDuplicate() => Interlocked.Increment(ref _eventsDuplicate);

    internal void EventDropped() => Interlocked.Increment(ref _eventsDropped);

    internal void EventForeign() => Interlocked.Increment(ref _eventsForeign);

    internal void EventRefused() => Interlocked.Increment(ref _eventsRefused);

    internal void Replayed(int events) => Interlocked.Add(ref _eventsReplayed, events);

    internal void HandshakeSucceeded() => Interlocked.Increment(ref _handshakesSucceeded);

    internal void HandshakeFailed() => Interlocked.Increment(ref _handshakesFailed);

    internal void Paused() => Interlocked.Increment(ref _pauses);

    internal void Lagged() => Interlocked.Increment(ref _lags);

    internal void StreamFailed() => Interlocked.Increment(ref _streamFaults);

    internal void Expired(int events) => Interlocked.Add(ref _expired, events);

    internal void ExpiredDevices(int devices) => Interlocked.Add(ref _devicesExpired, devices);
}
