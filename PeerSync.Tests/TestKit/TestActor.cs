using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Tests.TestKit;

/// <summary>Puts what it is told into a channel.</summary>
internal sealed class TestActor(ChannelWriter<Envelope> received) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchCommand watch:
                Context.Watch(watch.Subject);
                Sender.Tell(Done.Instance);
                break;
            case UnwatchCommand unwatch:
                Context.Unwatch(unwatch.Subject);
                Sender.Tell(Done.Instance);
                break;
            default:
                received.TryWrite(new Envelope(message, Sender));
                break;
        }
    }

    internal sealed record WatchCommand(IActorRef Subject);

    internal sealed record UnwatchCommand(IActorRef Subject);
}
