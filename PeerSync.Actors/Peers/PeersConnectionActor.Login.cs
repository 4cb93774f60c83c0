using PeerSync.Actors.Connections;
using PeerSync.Actors.Identity;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Actors.Peers;

/// <content>From AUTH to AUTH_SUCCESS, and what ends a login later.</content>
public sealed partial class PeersConnectionActor
{
    // What a login on an already authenticated socket falls back to.
    private State _resume;

    private void Authenticate(in PeersEnvelope envelope)
    {
        switch (PeersReader.ReadAuth(envelope, out var token))
        {
            case PeersFieldStatus.Missing:
                FailAuthentication(PeersError.TokenMissing, PeersCloseCode.NoTokenReason);
                return;
            case PeersFieldStatus.NotAString:
                Refuse(PeersError.TokenInvalid);
                return;
        }

        if (!_services.Limits.MayLogIn(_connection.AddressTag))
        {
            // Not 4001, which means "never again" to the clients: somebody else behind the same address may have failed.
            _services.Counters.LoggedIn(TokenStatus.Invalid);
            SendError(PeersError.RateLimited);
            Close(WebSocketCloseCode.TryAgainLater, "Too many failed logins");
            return;
        }

        var verification = _services.Verifier.VerifyAsync(token, CancellationToken.None);
        if (verification.IsCompletedSuccessfully)
        {
            OnVerified(verification.Result);
            return;
        }

        // The limit of a client to log in covers its waiting, not ours (Peers contract, section 9, flaw 10).
        BeginWait(State.Verifying);
        verification.AsTask().PipeTo(Self, failure: static _ => TokenVerification.Unavailable);
    }

    private void BeginWait(State state)
    {
        _resume = _state;
        _state = state;
        _connection.SetDeadline(_services.Settings.VerificationTimeout, VerificationTimedOut.Instance);
    }

    private void OnLoginMessage(object message)
    {
        switch (message)
        {
            case TokenVerification verification when _state == State.Verifying:
                _state = _resume;
                OnVerified(verification);
                break;
            case ConnectionAttached when _state == State.Attaching:
                _connection.Authenticated(UserId);
                _state = State.Authenticated;
                Succeed();
                break;
            case AttachFailed when _state is not State.Closing:
                SendError(PeersError.Unavailable);
                Close(WebSocketCloseCode.TryAgainLater, "Service unavailable");
                break;
            case Superseded when _state is not State.Closing:
                SendError(PeersError.Superseded);
                Close(PeersCloseCode.Superseded, PeersCloseCode.SupersededReason);
                break;
            case AuthenticationTimedOut when _state == State.Connected:
                SendError(PeersError.AuthenticationTimeout);
                Close(PeersCloseCode.AuthenticationFailed, PeersCloseCode.AuthenticationTimeoutReason);
                break;
            case VerificationTimedOut when _state is State.Verifying or State.Attaching:
                CloseForIdentityService();
                break;
            case IdentityExpired when IsAuthenticated:
                Refuse(PeersError.TokenExpired);
                break;
        }
    }

    private void OnVerified(TokenVerification verification)
    {
        _services.Counters.LoggedIn(verification.Status);
        switch (verification)
        {
            case { IsValid: true, Identity: var identity }:
                Accept(identity!);
                break;
            case { Status: TokenStatus.Expired }:
                Refuse(PeersError.TokenExpired);
                break;
            case { Status: TokenStatus.Unavailable }:
                // Nothing is known of the token, so the client must be able to come back with it.
                CloseForIdentityService();
                break;
            default:
                _services.Limits.LoginFailed(_connection.AddressTag);
                Refuse(PeersError.TokenInvalid);
                break;
        }
    }

    private void Accept(VerifiedIdentity identity)
    {
        if (_identity is null)
        {
            _identity = identity;
            _userJson = PeersWriter.EncodeString(identity.UserId.Value);
            BeginWait(State.Attaching);
            var login = new UserLogin(identity.Email, identity.DisplayName, identity.StoredProvider, identity.AvatarUrl);
            _services.Regions.Peers.Tell(new AttachConnection(identity.UserId, _connection.Id, _connection.AddressTag, login), Self);
        }
        else if (_identity.UserId == identity.UserId)
        {
            _identity = identity;
            Succeed();
        }
        else
        {
            SendError(PeersError.DifferentUser);
            Close(WebSocketCloseCode.PolicyViolation, "Identity changed");
        }
    }

    private void Succeed()
    {
        var identity = _identity!;
        var lifetime = identity.ExpiresAt - _services.Time.GetUtcNow() + _services.Settings.ExpiryGrace;
        _connection.SetDeadline(lifetime, IdentityExpired.Instance);
        var frame = MessageBuffer.Rent();
        PeersWriter.AuthSuccess(frame, identity.UserId, identity.DisplayName, identity.Email);
        _connection.Send(frame);
        Stash.UnstashAll();
    }

    private void CloseForIdentityService()
    {
        SendError(PeersError.IdentityServiceUnavailable);
        Close(WebSocketCloseCode.TryAgainLater, "Identity service unavailable");
    }

    private void Refuse(PeersError error) => FailAuthentication(error, PeersCloseCode.AuthenticationFailedReason);

    private void FailAuthentication(PeersError error, string reason)
    {
        var frame = MessageBuffer.Rent();
        PeersWriter.AuthFailed(frame, error);
        _connection.Send(frame);
        Close(PeersCloseCode.AuthenticationFailed, reason);
    }

    private sealed class VerificationTimedOut
    {
        internal static VerificationTimedOut Instance { get; } = new();
    }
}
