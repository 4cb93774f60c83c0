using System.Security.Cryptography;
using PeerSync.Actors.Sessions;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Peers;

/// <content>The user's open requests and sessions, by id: who they are with is known by those entities.</content>
public sealed partial class PeerActor
{
    // Most connected users have neither, so both are made with their first entry.
    private Dictionary<RequestId, UserId>? _asked;
    private HashSet<RequestId>? _offered;
    private HashSet<SessionId>? _sessions;

    // Sessions that were opened between a superseded socket and the registration of the new one, which has yet to hear of them.
    private List<SessionOpened>? _unannounced;

    private bool IsUnneeded => _sessions is null or { Count: 0 } && _asked is null or { Count: 0 } && _offered is null or { Count: 0 };

    private void OnSessionsAndRequests(object message)
    {
        switch (message)
        {
            case AskPeer ask when IsCurrent(ask.ConnectionId) && _registered:
                Ask(ask.Target);
                break;
            case OfferRequest offer:
                Offer(offer);
                break;
            case RequestRefused refused:
                _asked?.Remove(refused.RequestId);
                SendError(refused.Error);
                break;
            case RequestClosed closed:
                OnRequestClosed(closed);
                break;
            case SessionOpened opened:
                OnSessionOpened(opened);
                break;
            case SessionEnded ended:
                OnSessionEnded(ended);
                break;
        }
    }

    private void Ask(UserId peer)
    {
        if (peer == _userId)
        {
            SendError(PeersError.SelfRequest);
        }
        else if ((_sessions?.Count ?? 0) >= _settings.MaxSessionsPerUser)
        {
            SendError(PeersError.TooManySessions);
        }
        else if ((_asked?.Count ?? 0) >= _settings.MaxOpenRequests
            || (_asked?.Values.Count(other => other == peer) ?? 0) >= _settings.MaxOpenRequestsPerPair)
        {
            SendError(PeersError.TooManyRequests);
        }
        else
        {
            // Random rather than counted, so that nobody can answer a request that was not shown to them.
            var requestId = new RequestId($"req_{RandomNumberGenerator.GetHexString(24, lowercase: true)}");
            (_asked ??= [])[requestId] = peer;
            _regions.Peers.Tell(new OfferRequest(peer, requestId, new SessionMember(_userId, _profile!), _network), Self);
        }
    }

    private void Offer(OfferRequest offer)
    {
        var refusal = !_registered ? PeersError.TargetNotFound
            : offer.Network != _network ? PeersError.DifferentNetwork
            : (_sessions?.Count ?? 0) >= _settings.MaxSessionsPerUser ? PeersError.TooManySessions
            : null;
        if (refusal is not null)
        {
            _regions.Peers.Tell(new RequestRefused(offer.Requester.UserId, offer.RequestId, refusal), Self);
            return;
        }

        (_offered ??= []).Add(offer.RequestId);
        _regions.Requests.Tell(new OpenRequest(offer.RequestId, offer.Requester, new SessionMember(_userId, _profile!)), Self);
        var frame = MessageBuffer.Rent();
        PeersWriter.ConnectionRequestReceived(frame, offer.RequestId, offer.Requester.UserId, offer.Requester.Profile);
        SendFrame(frame);
    }

    private void OnRequestClosed(RequestClosed closed)
    {
        if (closed.IsRequester)
        {
            _asked?.Remove(closed.RequestId);
        }
        else
        {
            _offered?.Remove(closed.RequestId);
        }

        if (Reason(closed) is not { } reason)
        {
            return;
        }

        var frame = MessageBuffer.Rent();
        if (!closed.IsRequester)
        {
            PeersWriter.ConnectionRequestCancelled(frame, closed.RequestId, reason);
        }
        else
        {
            PeersWriter.ConnectionRejected(frame, closed.RequestId, closed.Peer, reason.Length == 0 ? null : reason);
        }

        SendFrame(frame);
    }

    // An acceptance shows in the session that follows; a rejection has no reason, as old clients know it, and the target knows it by itself.
    private static string? Reason(RequestClosed closed) => closed.Outcome switch
    {
        RequestOutcome.Rejected when closed.IsRequester => string.Empty,
        RequestOutcome.Expired => PeersReason.Expired,
        RequestOutcome.Cancelled => PeersReason.Cancelled,
        RequestOutcome.Offline => PeersReason.Offline,
        _ => null,
    };

    private void OnSessionOpened(SessionOpened opened)
    {
        (_sessions ??= []).Add(opened.SessionId);
        if (_registered)
        {
            AnnounceSession(opened);
            return;
        }

        (_unannounced ??= []).Add(opened);
        _regions.Sessions.Tell(new MemberAbsent(opened.SessionId, opened.UserId), Self);
    }

    private void AnnounceSession(SessionOpened opened)
    {
        var frame = MessageBuffer.Rent();
        if (opened.AcceptedRequest is { } requestId)
        {
            PeersWriter.ConnectionAccepted(frame, requestId, opened.SessionId, opened.Peer.UserId, opened.Peer.Profile);
        }
        else
        {
            PeersWriter.SessionCreated(frame, opened.SessionId, opened.Peer.UserId, opened.Peer.Profile);
        }

        SendFrame(frame);
    }

    private void OnSessionEnded(SessionEnded ended)
    {
        if (_sessions?.Remove(ended.SessionId) != true || !_registered)
        {
            return;
        }

        var frame = MessageBuffer.Rent();
        PeersWriter.SessionEnded(frame, ended.SessionId, ended.Reason, ended.Peer);
        SendFrame(frame);
    }

    private void ReturnToSessions()
    {
        foreach (var session in _sessions ?? [])
        {
            _regions.Sessions.Tell(new MemberBack(session, _userId), Self);
        }
    }

    private void AnnounceMissedSessions()
    {
        foreach (var opened in _unannounced ?? [])
        {
            if (_sessions?.Contains(opened.SessionId) == true)
            {
                AnnounceSession(opened);
            }
        }

        _unannounced = null;
    }

    private void LeaveSessions()
    {
        foreach (var session in _sessions ?? [])
        {
            _regions.Sessions.Tell(new MemberAbsent(session, _userId), Self);
        }
    }

    private void WithdrawRequests()
    {
        foreach (var request in (_asked?.Keys ?? Enumerable.Empty<RequestId>()).Concat(_offered ?? []))
        {
            _regions.Requests.Tell(new WithdrawRequest(request, _userId, RequestOutcome.Offline), Self);
        }
    }
}
