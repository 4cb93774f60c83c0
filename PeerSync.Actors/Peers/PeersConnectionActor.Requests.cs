using PeerSync.Actors.Sessions;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Peers;

namespace PeerSync.Actors.Peers;

/// <content>What a logged-in client may ask for.</content>
public sealed partial class PeersConnectionActor
{
    // What a relayed message gains over the one received: the event's name, the sender, the time.
    private const int FrameOverhead = 256;

    private void Register(in PeersEnvelope envelope)
    {
        var profile = PeersReader.ReadPeerRegister(envelope, _identity!.DisplayName, _services.Settings.MaxDisplayName);
        _state = State.Registered;
        _services.Regions.Peers.Tell(new RegisterPeer(UserId, _connection.Id, profile), Self);
    }

    private void Ask(in PeersEnvelope envelope)
    {
        var status = PeersReader.ReadConnectionRequest(envelope, out var target);
        if (!IsText(status, PeersError.TargetIdMissing, PeersError.TargetNotFound))
        {
            return;
        }

        if (_services.Limits.TryRequest(UserId))
        {
            _services.Regions.Peers.Tell(new AskPeer(UserId, _connection.Id, target), Self);
        }
        else
        {
            SendError(PeersError.RateLimited);
        }
    }

    private void Answer(in PeersEnvelope envelope)
    {
        var status = PeersReader.ReadConnectionResponse(envelope, out var request, out var accepted);
        if (IsText(status, PeersError.ResponseFieldsMissing, PeersError.RequestNotFound))
        {
            _services.Regions.Requests.Tell(new AnswerRequest(request, UserId, accepted), Self);
        }
    }

    private void Cancel(in PeersEnvelope envelope)
    {
        var status = PeersReader.ReadConnectionCancel(envelope, out var request);
        if (IsText(status, PeersError.RequestIdMissing, PeersError.RequestNotFound))
        {
            _services.Regions.Requests.Tell(new WithdrawRequest(request, UserId, RequestOutcome.Cancelled), Self);
        }
    }

    private void EndSession(in PeersEnvelope envelope)
    {
        var status = PeersReader.ReadSessionEnd(envelope, out var session);
        if (IsText(status, PeersError.SessionIdMissing, PeersError.SessionNotFound))
        {
            _services.Regions.Sessions.Tell(new EndSession(session, UserId), Self);
        }
    }

    private void SetStatus(in PeersEnvelope envelope)
    {
        if (PeersReader.TryReadSetStatus(envelope, out var status))
        {
            _services.Regions.Peers.Tell(new ChangeStatus(UserId, _connection.Id, status), Self);
        }
        else
        {
            SendError(PeersError.StatusInvalid);
        }
    }

    private bool Relay(in PeersEnvelope envelope)
    {
        var view = PeersReader.ReadSendMessage(envelope);
        if (!IsText(view.Status, PeersError.SessionIdMissing, PeersError.SessionNotFound))
        {
            return false;
        }

        var sessionId = _recent.Resolve(view);
        var body = MessageBuffer.Rent(envelope.Data.Length + FrameOverhead);
        PeersWriter.MessageReceived(body, view, view.SessionIdJson, _userJson, _services.Time.GetUtcNow());
        _services.Regions.Sessions.Tell(RelayMessage.Rent(sessionId, UserId, body, _connection), Self);
        return true;
    }

    private bool IsText(PeersFieldStatus status, PeersError missing, PeersError notAString)
    {
        if (status == PeersFieldStatus.Text)
        {
            return true;
        }

        SendError(status == PeersFieldStatus.Missing ? missing : notAString);
        return false;
    }
}
