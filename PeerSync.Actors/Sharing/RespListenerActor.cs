using PeerSync.Actors.Connections;
using PeerSync.Kernel;

namespace PeerSync.Actors.Sharing;

/// <summary>The subscription of one connection that speaks Redis's protocol. The connection itself deals with all other commands.</summary>
/// <remarks>It is told of what happens from its subscription on; what a client misses it is not told later, as with Redis.</remarks>
public sealed class RespListenerActor : FeedListenerActor
{
    /// <param name="connection">The connection.</param>
    /// <param name="services">What all connections of the feed share.</param>
    /// <param name="identity">Who listens; null with the shared credential.</param>
    /// <param name="token">The token of <paramref name="identity"/>.</param>
    public RespListenerActor(IConnection connection, FeedServices services, FeedIdentity? identity, string? token)
        : base(connection, services)
    {
        if (identity is not null)
        {
            Identify(identity, token!);
        }
    }

    private protected override FeedKind Kind => Identity is null ? FeedKind.SharedResp : FeedKind.UserResp;

    private protected override void OnFrame(FeedFrame frame)
    {
        if (IsClosing)
        {
            frame.Buffer.Release();
        }
        else
        {
            Connection.Send(frame.Buffer);
        }
    }

    private protected override void OnMessage(object message)
    {
        switch (message)
        {
            case BeginRespSubscription begin:
                // The hub hears of it before the client does, so that nothing which the client causes then is missed.
                Subscribe();
                Connection.Send(begin.Answer);
                Sender.Tell(Done.Instance, Self);
                break;
            case EndRespSubscription end:
                Unsubscribe();
                if (end.Answer is not null)
                {
                    Connection.Send(end.Answer);
                }

                Sender.Tell(Done.Instance, Self);
                Context.Stop(Self);
                break;
        }
    }
}
