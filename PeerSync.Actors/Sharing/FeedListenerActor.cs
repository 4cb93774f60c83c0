using PeerSync.Actors.Connections;
using PeerSync.Kernel;

namespace PeerSync.Actors.Sharing;

/// <summary>A connection that listens to the feed: what all ways of listening have in common, which is who listens and for how long.</summary>
public abstract class FeedListenerActor : UntypedActor
{
    private FeedIdentity? _identity;
    private string? _token;
    private bool _isSubscribed;

    private protected FeedListenerActor(IConnection connection, FeedServices services)
    {
        Connection = connection;
        Services = services;
    }

    private protected IConnection Connection { get; }

    private protected FeedServices Services { get; }

    private protected FeedIdentity? Identity => _identity;

    private protected bool IsClosing { get; private set; }

    private bool HasExpired => _identity!.ExpiresAt <= Services.Time.GetUtcNow();

    /// <summary>How the connection listens.</summary>
    private protected abstract FeedKind Kind { get; }

    /// <inheritdoc />
    protected sealed override void OnReceive(object message)
    {
        switch (message)
        {
            case FeedFrame frame:
                OnFrame(frame);
                break;
            case FeedRestarted when _isSubscribed:
                Subscribe();
                break;
            case FeedRefused:
                _isSubscribed = false;
                Close(FeedClose.TooManyConnections);
                break;
            case FeedSessionEnded:
                Close(FeedClose.SessionEnded);
                break;
            case IdentityExpired:
                CheckIdentity();
                break;
            case IdentityChecked { IsValid: false }:
                Close(HasExpired ? FeedClose.Unauthorized : FeedClose.SessionEnded);
                break;
            case IdentityChecked:
                break;
            case ConnectionClosed:
                Context.Stop(Self);
                break;
            default:
                OnMessage(message);
                break;
        }
    }

    /// <inheritdoc />
    protected override void PostStop() => Unsubscribe();

    /// <summary>A connection whose actor has failed has lost its place; its client comes back.</summary>
    protected sealed override void PostRestart(Exception reason) => Close(FeedClose.Internal);

    private protected abstract void OnFrame(FeedFrame frame);

    private protected abstract void OnMessage(object message);

    /// <summary>Notes who listens; the token is looked at again at times.</summary>
    private protected void Identify(FeedIdentity identity, string token)
    {
        _identity = identity;
        _token = token;
        Arm();
    }

    private protected virtual void Subscribe()
    {
        _isSubscribed = true;
        Services.Hub.Tell(new SubscribeToFeed(Kind, _identity?.UserId, _identity?.SessionId), Self);

        // A session that ends from here on is told of by the hub. One that has ended since the token was verified is found out like this.
        VerifyAgain();
    }

    private protected void Unsubscribe()
    {
        if (_isSubscribed)
        {
            _isSubscribed = false;
            Services.Hub.Tell(UnsubscribeFromFeed.Instance, Self);
        }
    }

    private protected virtual void Close(FeedClose close)
    {
        if (!IsClosing)
        {
            IsClosing = true;
            Unsubscribe();
            Connection.Close(close.Code, close.Reason);
        }
    }

    private void Arm()
    {
        var left = _identity!.ExpiresAt - Services.Time.GetUtcNow();
        var next = left < Services.Options.IdentityCheckInterval ? left : Services.Options.IdentityCheckInterval;
        Connection.SetDeadline(next > TimeSpan.Zero ? next : TimeSpan.Zero, IdentityExpired.Instance);
    }

    private void CheckIdentity()
    {
        if (_identity is null || IsClosing)
        {
            return;
        }

        if (HasExpired)
        {
            Close(FeedClose.Unauthorized);
            return;
        }

        Arm();
        VerifyAgain();
    }

    private void VerifyAgain()
    {
        if (_token is not null)
        {
            // A database that does not answer says nothing about the session; the next look will.
            Services.Identities.VerifyAsync(_token, CancellationToken.None).AsTask()
                .PipeTo(Self, success: static identity => new IdentityChecked(identity is not null), failure: static _ => new IdentityChecked(true));
        }
    }

    private sealed record IdentityChecked(bool IsValid);
}
