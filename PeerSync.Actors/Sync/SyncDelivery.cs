using System.Runtime.InteropServices;

namespace PeerSync.Actors.Sync;

/// <summary>What one socket was sent of its user's events, and what of it the device has confirmed: from this follows its cursor.</summary>
/// <remarks>
/// <para>
/// The cursor is a place in the journal: everything up to it was confirmed by the device, so that the next replay begins behind it. A device
/// confirms an event by acknowledging its number, or a page by asking for the next one. It moves only over events that were sent on this
/// socket without a gap: those behind the cursor come in pages, those behind <paramref name="position"/> as they happen.
/// </para>
/// <para>Not thread-safe; owned by one actor.</para>
/// </remarks>
/// <param name="cursor">The cursor at login.</param>
/// <param name="position">The user's last event at login.</param>
public sealed class SyncDelivery(long cursor, long position)
{
    /// <summary>The most events that wait for their confirmation. Behind them acknowledgements do not move the cursor before the next login.</summary>
    public const int MaxOutstanding = 4096;

    // Ascending by sequence number.
    private readonly List<Entry> _outstanding = [];

    // What has not been acknowledged, in the order of sending: by it those of one number are told apart. Also what was sent again, and what needs no
    // confirmation any longer: its acknowledgement may still come, and must not be taken for another event's.
    private readonly List<Sending> _sendings = [];
    private int _firstOutstanding;
    private int _firstSending;
    private long _loadedTo = cursor;
    private long _ceiling = long.MaxValue;

    /// <summary>Up to where the device has confirmed.</summary>
    public long Cursor { get; private set; } = cursor;

    /// <summary>The user's last event at login: what is behind it is told as it happens.</summary>
    public long Position { get; } = position;

    /// <summary>The last event that was told as it happened.</summary>
    public long LastLive { get; private set; } = position;

    /// <summary>Whether everything that happened before the login was sent.</summary>
    public bool IsCaughtUp => _loadedTo >= Position;

    /// <summary>How many events wait for their confirmation.</summary>
    public int Outstanding => _outstanding.Count - _firstOutstanding;

    /// <summary>An event was told as it happened.</summary>
    /// <param name="sequenceNr">Its number in the journal, above all earlier ones.</param>
    /// <param name="deviceSeq">Its sender's number, by which the device confirms it.</param>
    public void SentLive(long sequenceNr, long deviceSeq)
    {
        LastLive = sequenceNr;
        Track(sequenceNr, deviceSeq);
    }

    /// <summary>Live events were passed over that need not be sent.</summary>
    public void SkipLive(long sequenceNr) => LastLive = Math.Max(LastLive, sequenceNr);

    /// <summary>An event was sent in a page.</summary>
    /// <param name="sequenceNr">Its number in the journal.</param>
    /// <param name="deviceSeq">Its sender's number, by which the device confirms it.</param>
    public void SentInPage(long sequenceNr, long deviceSeq) => Track(sequenceNr, deviceSeq);

    /// <summary>A page was sent: everything between its two ends that the device should have.</summary>
    /// <param name="after">The sequence number behind which it began.</param>
    /// <param name="last">The last one that it covers.</param>
    public void PageSent(long after, long last)
    {
        if (after <= _loadedTo)
        {
            _loadedTo = Math.Max(_loadedTo, last);
        }

        Advance();
    }

    /// <summary>
    /// The device acknowledges an event by its sender's number. Several may have it; of those that were not acknowledged, the one that was sent first is meant.
    /// </summary>
    /// <returns>Whether the cursor has moved.</returns>
    public bool Confirm(long deviceSeq)
    {
        var at = _firstSending;
        while (at < _sendings.Count && _sendings[at].DeviceSeq != deviceSeq)
        {
            at++;
        }

        if (at == _sendings.Count)
        {
            return false;
        }

        var place = IndexOf(_sendings[at].SequenceNr);
        if (at == _firstSending)
        {
            _firstSending++;
            Compact(_sendings, ref _firstSending);
        }
        else
        {
            _sendings.RemoveAt(at);
        }

        if (place < 0)
        {
            return false;
        }

        CollectionsMarshal.AsSpan(_outstanding)[place].IsConfirmed = true;
        return Advance();
    }

    /// <summary>The device has asked for what follows a page: it has everything up to the page's end.</summary>
    /// <returns>Whether the cursor has moved.</returns>
    public bool ConfirmTo(long sequenceNr)
    {
        while (_firstOutstanding < _outstanding.Count && _outstanding[_firstOutstanding].SequenceNr <= sequenceNr)
        {
            _firstOutstanding++;
        }

        var moved = sequenceNr > Cursor;
        Cursor = Math.Max(Cursor, sequenceNr);
        _loadedTo = Math.Max(_loadedTo, sequenceNr);
        return Advance() || moved;
    }

    private void Track(long sequenceNr, long deviceSeq)
    {
        if (!HasRoom())
        {
            _ceiling = Math.Min(_ceiling, Math.Max(Cursor, sequenceNr - 1));
            return;
        }

        _sendings.Add(new Sending(sequenceNr, deviceSeq));
        if (sequenceNr <= Cursor)
        {
            return;
        }

        // Nearly always the newest; a page's events stand before live ones that came meanwhile.
        var at = _outstanding.Count;
        while (at > _firstOutstanding && _outstanding[at - 1].SequenceNr > sequenceNr)
        {
            at--;
        }

        // It may be there already: sent a second time, because the device asked for it.
        if (at == _firstOutstanding || _outstanding[at - 1].SequenceNr < sequenceNr)
        {
            _outstanding.Insert(at, new Entry(sequenceNr, IsConfirmed: false));
        }
    }

    private bool HasRoom()
    {
        // Once something was not tracked, its acknowledgement could be taken for that of a later event, so nothing is tracked from there on.
        if (_ceiling < long.MaxValue)
        {
            return false;
        }

        if (_sendings.Count - _firstSending >= MaxOutstanding)
        {
            // A client that asks for page after page need not acknowledge their events.
            _sendings.RemoveRange(0, _firstSending);
            _sendings.RemoveAll(sending => sending.SequenceNr <= Cursor);
            _firstSending = 0;
        }

        return _sendings.Count - _firstSending < MaxOutstanding;
    }

    private int IndexOf(long sequenceNr)
    {
        var entries = CollectionsMarshal.AsSpan(_outstanding);
        int low = _firstOutstanding, high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].SequenceNr == sequenceNr)
            {
                return middle;
            }

            (low, high) = entries[middle].SequenceNr < sequenceNr ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private bool Advance()
    {
        var limit = Math.Min(_ceiling, IsCaughtUp ? long.MaxValue : _loadedTo);
        var moved = false;
        while (_firstOutstanding < _outstanding.Count && _outstanding[_firstOutstanding] is { IsConfirmed: true } entry && entry.SequenceNr <= limit)
        {
            Cursor = entry.SequenceNr;
            _firstOutstanding++;
            moved = true;
        }

        Compact(_outstanding, ref _firstOutstanding);
        return moved;
    }

    private static void Compact<T>(List<T> list, ref int first)
    {
        if (first == list.Count || (first > 256 && first > list.Count / 2))
        {
            list.RemoveRange(0, first);
            first = 0;
        }
    }

    private record struct Entry(long SequenceNr, bool IsConfirmed);

    private readonly record struct Sending(long SequenceNr, long DeviceSeq);
}
