using PeerSync.Actors.Sessions;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Peers;

/// <content>What a logged-in client may ask for.</content>
public sealed partial class PeersConnectionActor
{
    private void Register(ReadOnlySpan<byte> data)
    {
        var profile = PeersReader.ReadRegister(data, _identity!.DisplayName, _services.Settings.MaxDisplayName);
        _state = State.Registered;
        _services.Regions.Peers.Tell(new RegisterPeer(UserId, _connection.Id, profile), Self);
    }

    private void Ask(ReadOnlySpan<byte> data)
    {
        var target = PeersReader.ReadConnectionRequest(data);
        if (target.IsMissing)
        {
            SendError(PeersError.TargetRequired);
        }
        else if (!_services.Limits.TryRequest(UserId))
        {
            SendError(PeersError.RateLimited);
        }
        else
        {
            UserId? peer = target.Value is { } value ? new UserId(value) : null;
            _services.Regions.Peers.Tell(new AskPeer(UserId, _connection.Id, peer), Self);
        }
    }

    private void Answer(ReadOnlySpan<byte> data)
    {
        if (!PeersReader.TryReadConnectionResponse(data, out var requestId, out var accepted))
        {
            SendError(PeersError.ResponseRequired);
        }
        else if (requestId is null)
        {
            SendError(PeersError.RequestNotFound);
        }
        else
        {
            _services.Regions.Requests.Tell(new AnswerRequest(new RequestId(requestId), UserId, accepted), Self);
        }
    }

    private void Cancel(ReadOnlySpan<byte> data)
    {
        var request = PeersReader.ReadConnectionCancel(data);
        if (request.IsMissing)
        {
            SendError(PeersError.RequestRequired);
        }
        else if (request.Value is null)
        {
            SendError(PeersError.RequestNotFound);
        }
        else
        {
            _services.Regions.Requests.Tell(new WithdrawRequest(new RequestId(request.Value), UserId, RequestOutcome.Cancelled), Self);
        }
    }

    private void EndSession(ReadOnlySpan<byte> data)
    {
        var session = PeersReader.ReadSessionEnd(data);
        if (session.IsMissing)
        {
            SendError(PeersError.SessionRequired);
        }
        else if (session.Value is null)
        {
            SendError(PeersError.SessionNotFound);
        }
        else
        {
            _services.Regions.Sessions.Tell(new EndSession(new SessionId(session.Value), UserId), Self);
        }
    }

    private void SetStatus(ReadOnlySpan<byte> data)
    {
        if (PeersReader.TryReadStatus(data, out var status))
        {
            _services.Regions.Peers.Tell(new ChangeStatus(UserId, _connection.Id, status), Self);
        }
        else
        {
            SendError(PeersError.StatusRequired);
        }
    }

    private bool Relay(ReadOnlySpan<byte> data)
    {
        var view = PeersReader.ReadSendMessage(data);
        if (view.IsSessionMissing)
        {
            SendError(PeersError.SessionRequired);
            return false;
        }

        if (!_recent.TryResolve(view, out var sessionId))
        {
            SendError(PeersError.SessionNotFound);
            return false;
        }

        var body = MessageBuffer.Rent(data.Length + 256);
        PeersWriter.MessageReceived(body, view, view.SessionJson, _userJson, _services.Time.GetUtcNow());
        _services.Regions.Sessions.Tell(RelayMessage.Rent(sessionId, UserId, body, _connection), Self);
        return true;
    }
}
