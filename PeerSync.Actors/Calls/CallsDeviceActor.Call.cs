using PeerSync.Kernel;
using PeerSync.Protocol.Calls;
using PeerSync.Storage;
using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <content>The call.</content>
public sealed partial class CallsDeviceActor
{
    // Clients ask for details of the last call, hardly ever of one before it.
    private const int MaxPast = 8;

    private Task _rated = Task.CompletedTask;

    private void OnCall(object message)
    {
        switch (message)
        {
            case CallOpened opened when IsIn(opened.SessionId):
                OnOpened(_call!);
                break;
            case CallMissed missed when IsIn(missed.SessionId):
                OnMissed(_call!);
                break;
            case PeerLeft left when IsIn(left.SessionId):
                Push(CallsPackets.PeerDisconnected(left.SessionId));
                Close(wasSkipped: false);
                break;
            case GraceOver when _sockets.Count == 0:
                EndCall(CallEnd.Disconnected);
                break;
        }
    }

    private bool IsIn(string sessionId) => _call is not null && _call.SessionId == sessionId;

    /// <summary>The call of an id: the one under way, or one that ended a while ago.</summary>
    private DeviceCall? Known(string sessionId)
    {
        if (_call is { IsOpen: true } && IsIn(sessionId))
        {
            return _call;
        }

        var since = Now - (long)_settings.RememberFor.TotalMilliseconds;
        return _past.Find(call => call.SessionId == sessionId && call.MatchedAt >= since);
    }

    private void OnOpened(DeviceCall call)
    {
        call.IsOpen = true;
        _recent.RemoveAll(recent => recent.DeviceId == call.PeerId);
        _recent.Add(new RecentMatch(call.PeerId, call.MatchedAt));
        foreach (var socket in _sockets)
        {
            socket.Saw = call;
        }

        Push(CallsPackets.Matched(call));
    }

    private void OnMissed(DeviceCall call)
    {
        Drop(call);
        _call = null;
        if (_sockets.Count > 0)
        {
            _wait = call.Wait;
            _counters.QueueChanged(1);
            Timers.StartPeriodicTimer(nameof(PoolCheck), PoolCheck.Instance, PoolSilence);
            Enqueue(_wait);
        }
    }

    private void OnPeerSaid(PeerSaid said)
    {
        if (_call is { IsOpen: true } call && IsIn(said.SessionId))
        {
            Push(CallsPackets.Content(call, said.Content));
        }

        said.Content.Data?.Release();
    }

    private void Send(SendToPeer send, DeviceSocket socket)
    {
        if (_call is not { IsOpen: true } || !IsIn(send.SessionId))
        {
            send.Content.Data?.Release();
            if (send.Content.Kind == CallsClientEvent.SendOffer)
            {
                Refuse(socket, CallsError.SessionNotFound);
            }

            return;
        }

        if (send.Content.Message is null || MayBeSaid(send, socket))
        {
            _entities.Calls.Tell(new SayInCall(send.SessionId, _deviceId, send.Content), Self);
        }
    }

    private bool MayBeSaid(SendToPeer send, DeviceSocket socket)
    {
        if (_restrictedUntil is { } end && end > Context.System.TimeProvider.GetUtcNow())
        {
            Answer(socket, CallsPackets.ModerationAction(CallsSanction.Restricted, CallsScreening.RestrictedText(end)));
            return false;
        }

        var finding = CallsScreening.Screen(send.Content.Message!.Message);
        switch (finding.Severity)
        {
            case CallsSeverity.High:
                _isBusy = true;
                _directory.AddStrikeAsync(_deviceId, finding.Category, _settings.Strikes, CancellationToken.None).PipeTo(
                    Self,
                    success: strike => new StrikeNoted(send, strike),
                    failure: exception => new StrikeNoted(send, null, exception.Message));
                return false;
            case CallsSeverity.Medium:
                Answer(socket, CallsPackets.ModerationWarning());
                break;
        }

        return true;
    }

    private void OnStrike(StrikeNoted noted)
    {
        // Where it could not be noted, it counts as the first: the message stays blocked.
        if (noted.Strike is null)
        {
            Context.GetLogger().Warning("A strike could not be noted: {0}", noted.Fault);
        }

        var count = noted.Strike?.Count ?? 1;
        _restrictedUntil = noted.Strike?.RestrictedUntil ?? _restrictedUntil;
        if (Find(noted.Send.ConnectionId) is { } socket)
        {
            Answer(socket, CallsPackets.ModerationAction(CallsScreening.Sanction(count), CallsScreening.BlockedText(count)));
        }

        GoOn();
    }

    private void OnHangUp(HangUp request, DeviceSocket socket)
    {
        if (_call is { IsOpen: true } && IsIn(request.SessionId))
        {
            EndCall(request.WasSkipped ? CallEnd.Skipped : CallEnd.HungUp);
            if (_sockets[^1] != socket)
            {
                Push(CallsPackets.CallEnded(request.SessionId));
            }
        }
        else if (_call is { IsOpen: true } && _past.Exists(call => call.SessionId == request.SessionId))
        {
            // Clients do not look at the id: they would take it for the end of the call that has begun since.
            return;
        }

        Answer(socket, CallsPackets.CallEnded(request.SessionId));
    }

    private void EndCall(CallEnd reason)
    {
        if (_call is { } call)
        {
            _entities.Calls.Tell(new LeaveCall(call.SessionId, _deviceId, reason), Self);
            Close(wasSkipped: reason == CallEnd.Skipped);
        }
    }

    private void Close(bool wasSkipped)
    {
        var call = _call!;
        _call = null;
        Timers.Cancel(nameof(GraceOver));
        Drop(call);
        if (!call.IsOpen)
        {
            return;
        }

        _past.Insert(0, call);
        if (_past.Count > MaxPast)
        {
            _past.RemoveAt(MaxPast);
        }

        _rated = RateAsync(TimeSpan.FromMilliseconds(Math.Max(0, Now - call.MatchedAt)), wasSkipped, Context.GetLogger());
    }

    // Only feeds the score of later matches, so nothing but the next join waits for it.
    private async Task RateAsync(TimeSpan duration, bool wasSkipped, ILoggingAdapter logger)
    {
        try
        {
            await _directory.RecordCallAsync(_deviceId, duration, wasSkipped, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StorageUnavailableException exception)
        {
            logger.Warning("A call could not be rated: {0}", exception.Message);
        }
    }

    private static void Drop(DeviceCall call)
    {
        while (call.Kept.TryDequeue(out var packet))
        {
            packet.Release();
        }
    }

    private sealed record StrikeNoted(SendToPeer Send, CallsStrike? Strike, string? Fault = null);
}
