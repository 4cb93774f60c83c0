using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Journal;

namespace PeerSync.Actors.Sync;

/// <content>What goes to the device: events as they happen, pages of those that it missed, and the cursor that remembers what it confirmed.</content>
public sealed partial class SyncConnectionActor
{
    private const int CursorStep = 64;

    private long _savedCursor;
    private long _lagsTo;
    private bool _isReading;
    private ReplayRequest? _waitingRequest;

    private void PushFirstPage(SessionGranted granted)
    {
        _savedCursor = granted.Device.Cursor;
        _lagsTo = 0;
        if (granted.Admitted.LastForeign <= granted.Device.Cursor)
        {
            // What it has not confirmed came from itself: it has missed nothing.
            _delivery!.PageSent(granted.Device.Cursor, granted.Admitted.Position);
            return;
        }

        if (granted.Admitted.LastDeviceSeq == 0)
        {
            // The web client asks by itself only when it has sent something before, and goes on by itself once it got a page (Sync contract, section 4.5).
            ReadPage(_delivery!.Cursor, ReplayRequest.DefaultLimit, isRequested: false, isFirst: true);
        }
        else
        {
            Timers.StartSingleTimer(nameof(PushPage), PushPage.Instance, _services.Settings.ReplayPatience);
        }
    }

    private void OnReplayRequest(ReplayRequest request)
    {
        Timers.Cancel(nameof(PushPage));
        if (!_isReading)
        {
            Replay(request);
        }
        else if (_waitingRequest is null)
        {
            _waitingRequest = request;
        }
        else
        {
            var frame = MessageBuffer.Rent();
            SyncWriter.ReplayFailed(frame);
            _connection.Send(frame);
        }
    }

    private void Replay(ReplayRequest request)
    {
        var isContinuation = ContinuationToken.TryRead(
            _services.Identity, request.ContinuationToken, _userId.Value, _deviceId, Now, out var after);
        if (isContinuation && _delivery!.ConfirmTo(after))
        {
            SaveCursor();
        }

        ReadPage(isContinuation ? after : _delivery!.Cursor, request.Limit, isRequested: true, isFirst: !isContinuation);
    }

    private void ReadPage(long after, int limit, bool isRequested, bool isFirst)
    {
        _isReading = true;
        var delivery = _delivery!;

        // Whoever asks gets what it has not confirmed, though it was told before (Sync contract, section 4.5); but not what is told between the
        // question and the answer.
        var lastLive = isRequested ? delivery.LastLive : delivery.Position;

        // Until the past is sent, a page ends where the present began: what is newer is told as it happens.
        var to = delivery.IsCaughtUp ? long.MaxValue : delivery.Position;
        _services.Events.ReadPageAsync(
                SyncJournal.PersistenceId(_userId),
                after,
                to,
                _services.Time.GetUtcNow() - _services.Settings.ReplayWindow,
                limit,
                _services.Settings.ReplayPageBytes,
                CancellationToken.None)
            .PipeTo(
                Self,
                success: page => new PageRead(delivery, page, after, to, lastLive, isRequested, isFirst),
                failure: cause => new PageFailed(delivery, cause));
    }

    private void OnDelivery(object message)
    {
        switch (message)
        {
            case PageRead read when read.Delivery == _delivery && _state == State.Established:
                OnPageRead(read);
                break;
            case LagRead read when read.Delivery == _delivery && _state == State.Established:
                OnLagRead(read);
                break;
            case PageFailed failed when failed.Delivery == _delivery && _state == State.Established:
                Context.GetLogger().Warning("Events could not be read for a device: {0}", failed.Cause.Message);
                Close(SyncClose.ProcessingFailed);
                break;
            case Drained when _state == State.Established:
                CatchUp();
                break;
            case PushPage when _state == State.Established && !_isReading:
                ReadPage(_delivery!.Cursor, ReplayRequest.DefaultLimit, isRequested: false, isFirst: true);
                break;
            case PageRead or LagRead or PageFailed when _state == State.Pairing:
                Stash.Stash();
                break;
        }
    }

    private void OnPageRead(PageRead read)
    {
        _isReading = false;
        var delivery = _delivery!;
        var frame = MessageBuffer.Rent();
        SyncWriter.BeginReplayResponse(frame);
        var count = 0;
        var now = Now;
        foreach (var row in read.Page.Events)
        {
            // What has expired is deleted some time later; until then it is passed over.
            var json = SyncSerializer.JsonOf(row.Manifest, row.Message);
            if (!json.IsEmpty && SyncSerializer.TtlOf(row.Manifest, row.Message) > now && !WasToldMeanwhile(read, row))
            {
                // Its live copy may still be on its way.
                delivery.SkipLive(row.SequenceNr);
                SyncWriter.ReplayEvent(frame, json.Span, isFirst: count == 0);
                delivery.SentInPage(row.SequenceNr, SyncSerializer.DeviceSeqOf(row.Manifest, row.Message));
                count++;
            }
        }

        var last = read.Page.HasMore || read.To == long.MaxValue ? Math.Max(read.Page.LastSequenceNr, read.After) : read.To;
        delivery.PageSent(read.After, last);
        if (count == 0 && !read.IsRequested && !read.Page.HasMore)
        {
            frame.Release();
        }
        else
        {
            var token = read.Page.HasMore ? ContinuationToken.Create(_services.Identity, _userId.Value, _deviceId, last, now) : null;
            SyncWriter.EndReplayResponse(frame, read.Page.HasMore, count, token, read.IsFirst && !read.Page.HasMore ? count : null);
            _connection.Send(frame);
            _services.Counters.Replayed(count);
        }

        if (_waitingRequest is { } request)
        {
            _waitingRequest = null;
            Replay(request);
        }
    }

    // An event that happened while the page was being asked for and read, and was told as it happened, does not come a second time on this socket.
    private bool WasToldMeanwhile(PageRead read, StoredEvent row) =>
        row.SequenceNr > read.LastLive && row.SequenceNr <= _delivery!.LastLive && SyncSerializer.DeviceOf(row.Manifest, row.Message) != _deviceId.Value;

    private void DeliverLive(DeliverEvent deliver)
    {
        if (_delivery is not { } delivery || deliver.UserId != _userId || _state == State.Closing || deliver.SequenceNr <= delivery.LastLive)
        {
            deliver.Frame.Release();
            return;
        }

        if (_lagsTo > 0)
        {
            _lagsTo = deliver.SequenceNr;
            deliver.Frame.Release();
            return;
        }

        var queued = _connection.QueuedBytes;
        if (queued > 0 && queued + deliver.Frame.Length > _services.Settings.LagBytes)
        {
            // Rather than to cut a slow device off, or to buffer without end, it is served from the journal as fast as it reads.
            _lagsTo = deliver.SequenceNr;
            deliver.Frame.Release();
            _services.Counters.Lagged();
            _connection.TellWhenDrained(Drained.Instance);
            return;
        }

        delivery.SentLive(deliver.SequenceNr, deliver.DeviceSeq);
        _connection.Send(deliver.Frame);
    }

    private void CatchUp()
    {
        var delivery = _delivery!;
        _services.Events.ReadPageAsync(
                SyncJournal.PersistenceId(_userId),
                delivery.LastLive,
                long.MaxValue,
                DateTimeOffset.UnixEpoch,
                ReplayRequest.MaxLimit,
                _services.Settings.LagBytes,
                CancellationToken.None)
            .PipeTo(Self, success: page => new LagRead(delivery, page), failure: cause => new PageFailed(delivery, cause));
    }

    private void OnLagRead(LagRead read)
    {
        var delivery = _delivery!;
        var count = 0;
        foreach (var row in read.Page.Events)
        {
            var json = SyncSerializer.JsonOf(row.Manifest, row.Message);
            if (json.IsEmpty || row.SequenceNr <= delivery.LastLive || SyncSerializer.DeviceOf(row.Manifest, row.Message) == _deviceId.Value)
            {
                delivery.SkipLive(row.SequenceNr);
                continue;
            }

            var frame = MessageBuffer.Rent(json.Length + 64);
            SyncWriter.Event(frame, json.Span);
            delivery.SentLive(row.SequenceNr, SyncSerializer.DeviceSeqOf(row.Manifest, row.Message));
            _connection.Send(frame);
            count++;
        }

        _services.Counters.Replayed(count);
        if (read.Page.Events.Count > 0 && (read.Page.HasMore || delivery.LastLive < _lagsTo))
        {
            _connection.TellWhenDrained(Drained.Instance);
        }
        else
        {
            _lagsTo = 0;
        }
    }

    private void Confirm(long deviceSeq)
    {
        if (_delivery!.Confirm(deviceSeq) && (_delivery.Outstanding == 0 || _delivery.Cursor - _savedCursor >= CursorStep))
        {
            SaveCursor();
        }
    }

    private void SaveCursor()
    {
        if (_delivery is { } delivery && delivery.Cursor > _savedCursor)
        {
            _savedCursor = delivery.Cursor;
            _services.Cursors.Tell(new CursorMoved(_deviceId, _userId, delivery.Cursor), Self);
        }
    }

    private sealed record PageRead(SyncDelivery Delivery, EventPage Page, long After, long To, long LastLive, bool IsRequested, bool IsFirst);

    private sealed record LagRead(SyncDelivery Delivery, EventPage Page);

    private sealed record PageFailed(SyncDelivery Delivery, Exception Cause);

    private sealed class PushPage
    {
        internal static PushPage Instance { get; } = new();
    }

    private sealed class Drained
    {
        internal static Drained Instance { get; } = new();
    }
}
