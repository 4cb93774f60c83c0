using PeerSync.Actors.Connections;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>A connection that can take up the feed where an earlier one left it: a WebSocket, or server-sent events.</summary>
/// <remarks>
/// It listens first and reads what it has missed then, so that nothing falls between the two. What happens while it reads it does not keep: it reads that too,
/// until there is nothing left to read. So each event comes once and in order, and a slow client costs no memory.
/// </remarks>
public sealed class ResumingListenerActor : FeedListenerActor
{
    private readonly FeedKind _kind;
    private Phase _phase = Phase.Authenticating;
    private long? _position;
    private long _target;
    private bool _wasReady;

    /// <summary>For a WebSocket, whose first message says who is there.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="services">What all connections of the feed share.</param>
    public ResumingListenerActor(IConnection connection, FeedServices services)
        : base(connection, services)
    {
        _kind = FeedKind.WebSocket;
    }

    /// <summary>For server-sent events, whose request says who is there.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="services">What all connections of the feed share.</param>
    /// <param name="identity">Who listens.</param>
    /// <param name="token">The token of <paramref name="identity"/>.</param>
    /// <param name="after">The number of the last event that the client has; null to begin with what comes.</param>
    public ResumingListenerActor(IConnection connection, FeedServices services, FeedIdentity identity, string token, long? after)
        : base(connection, services)
    {
        _kind = FeedKind.ServerSentEvents;
        _position = after;
        Identify(identity, token);
    }

    private enum Phase
    {
        Authenticating,
        Verifying,
        Subscribing,
        CatchingUp,
        Live,
    }

    private protected override FeedKind Kind => _kind;

    private protected override void Subscribe()
    {
        _phase = Phase.Subscribing;
        base.Subscribe();
    }

    private protected override void Close(FeedClose close)
    {
        if (_kind == FeedKind.ServerSentEvents && !IsClosing)
        {
            Send(null, output => SharingFeedWriter.Closed(output, close.Code, close.Reason));
        }

        base.Close(close);
    }

    private protected override void OnFrame(FeedFrame frame)
    {
        if (IsClosing || _phase != Phase.Live)
        {
            _target = Math.Max(_target, frame.Id);
            frame.Buffer.Release();
        }
        else if (frame.Id == 0)
        {
            Connection.Send(frame.Buffer);
        }
        else if (frame.Id > _position)
        {
            _position = frame.Id;
            Connection.Send(frame.Buffer);
        }
        else
        {
            frame.Buffer.Release();
        }
    }

    private protected override void OnMessage(object message)
    {
        switch (message)
        {
            case InboundMessage inbound:
                OnInbound(inbound);
                break;
            case BeginListening when Identity is not null && _phase == Phase.Authenticating:
                Subscribe();
                break;
            case AuthenticationTimedOut when Identity is null:
                Close(FeedClose.Timeout);
                break;
            case Verified verified:
                OnVerified(verified);
                break;
            case NotVerified:
                Close(FeedClose.Unavailable);
                break;
            case SubscribedToFeed subscribed when _phase == Phase.Subscribing:
                OnSubscribed(subscribed.Cursor);
                break;
            case PageRead read when _phase == Phase.CatchingUp && read.After == _position:
                OnPage(read);
                break;
            case PageNotRead failed when _phase == Phase.CatchingUp:
                Context.GetLogger().Warning("Events that a client has missed could not be read: {0}", failed.Reason);
                Close(FeedClose.Unavailable);
                break;
            case ReadOn when _phase == Phase.CatchingUp:
                ReadPage();
                break;
        }
    }

    private void OnInbound(InboundMessage message)
    {
        var request = message.IsText ? SharingFeedRequest.Read(message.Bytes) : null;
        message.Recycle();
        Connection.ReturnCredit();
        if (IsClosing)
        {
            return;
        }

        switch (request)
        {
            case null:
                Close(FeedClose.BadMessage);
                break;
            case { Event: SharingFeedRequest.Authentication, Token: { } token } when _phase != Phase.Verifying:
                Verify(token, request.After);
                break;
            case { Event: SharingFeedRequest.Authentication }:
            case not null when Identity is null:
                Close(FeedClose.Unauthorized);
                break;
            case { Event: SharingFeedRequest.Ping }:
                Send(null, static output => SharingFeedWriter.Empty(output, SharingEventNames.Pong));
                break;
        }
    }

    private void Verify(string token, long? after)
    {
        if (Identity is null)
        {
            _phase = Phase.Verifying;
        }

        Services.Identities.VerifyAsync(token, CancellationToken.None).AsTask().PipeTo(
            Self,
            success: identity => new Verified(identity, token, after),
            failure: static _ => NotVerified.Instance);
    }

    private void OnVerified(Verified verified)
    {
        if (IsClosing)
        {
            return;
        }

        if (verified.Identity is not { } identity || (Identity is { } earlier && earlier.UserId != identity.UserId))
        {
            Services.Counters.AuthenticationRefused();
            Close(FeedClose.Unauthorized);
            return;
        }

        if (Identity is null)
        {
            Connection.Authenticated(new Protocol.Identity.UserId(identity.UserId));
            Identify(identity, verified.Token);
            _position = verified.After;
            Subscribe();
            return;
        }

        if (identity.SessionId != Identity.SessionId)
        {
            // The hub must know by which session somebody listens.
            Unsubscribe();
            Identify(identity, verified.Token);
            Subscribe();
        }
        else
        {
            Identify(identity, verified.Token);
        }

        Send(null, static output => SharingFeedWriter.Empty(output, SharingEventNames.AuthenticationRenewed));
    }

    private void OnSubscribed(long cursor)
    {
        _target = Math.Max(_target, cursor);
        if (_position is null)
        {
            _position = _target;
            GoLive();
            return;
        }

        _phase = Phase.CatchingUp;
        ReadPage();
    }

    private void ReadPage()
    {
        var after = _position!.Value;
        var upTo = Math.Max(_target, after);
        Services.Feed.ListForUserAsync(Identity!.UserId, after, upTo, Services.Options.Page, CancellationToken.None).PipeTo(
            Self,
            success: page => new PageRead(after, upTo, page),
            failure: static exception => new PageNotRead(exception.Message));
    }

    private void OnPage(PageRead read)
    {
        if (IsClosing)
        {
            return;
        }

        if (read.Page.IsCursorUnknown)
        {
            Services.Counters.Reset();
            _position = _target;
            Send(_position, output => SharingFeedWriter.Cursor(output, SharingEventNames.FeedReset, _target));
        }
        else
        {
            foreach (var happened in read.Page.Events)
            {
                Connection.Send(FeedFrames.Write(_kind, happened.Id, happened.Text, happened.Text.Payload));
                _position = happened.Id;
            }

            if (read.Page.IsLast)
            {
                _position = read.UpTo;
            }
        }

        if (_position >= _target)
        {
            GoLive();
        }
        else
        {
            Connection.TellWhenDrained(ReadOn.Instance);
        }
    }

    private void GoLive()
    {
        _phase = Phase.Live;
        if (!_wasReady)
        {
            _wasReady = true;
            Send(_position, output => SharingFeedWriter.Cursor(output, SharingEventNames.FeedReady, _position!.Value));
        }

        Services.Hub.Tell(GetFeedSnapshot.Instance, Self);
    }

    private void Send(long? id, Action<MessageBuffer> write) => Connection.Send(FeedFrames.Wrap(_kind, id, write));

    private sealed record Verified(FeedIdentity? Identity, string Token, long? After);

    private sealed record PageRead(long After, long UpTo, SharingFeedPage Page);

    private sealed record PageNotRead(string Reason);

    private sealed class NotVerified
    {
        internal static NotVerified Instance { get; } = new();
    }

    private sealed class ReadOn
    {
        internal static ReadOn Instance { get; } = new();
    }
}
