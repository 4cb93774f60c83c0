using System.Text;
using PeerSync.Actors.Connections;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Sockets;

/// <summary>Echoes; some texts make it do something else.</summary>
internal sealed class EchoActor(IConnection connection, EchoDialect dialect) : UntypedActor
{
    internal const string Throw = "throw";
    internal const string Hold = "hold";
    internal const string LogIn = "log in";
    internal const string Close = "close";
    internal const string Drain = "drain";
    internal const string Drained = "drained";

    protected override void PreStart() => dialect.Connections.Add(connection);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InboundMessage inbound:
                var text = Encoding.UTF8.GetString(inbound.Bytes);
                inbound.Recycle();
                OnText(text);
                break;
            case RateLimitExceeded:
                connection.Send(MessageBuffer.Copy("limited"u8));
                break;
            case Drained:
                connection.Send(MessageBuffer.Copy("drained"u8));
                break;
            case AuthenticationTimedOut:
                connection.Close(4001, "late");
                break;
            case ConnectionClosed:
                Context.Stop(Self);
                break;
        }
    }

    private void OnText(string text)
    {
        if (text.StartsWith(Hold, StringComparison.Ordinal))
        {
            dialect.HeldCredits.Enqueue(connection);
            return;
        }

        connection.ReturnCredit();
        switch (text)
        {
            case Throw:
                throw new InvalidOperationException("A fault that the test asked for.");
            case LogIn:
                connection.Authenticated(new UserId("user"));
                break;
            case Drain:
                connection.Send(MessageBuffer.Copy(new byte[1000]));
                connection.TellWhenDrained(Drained);
                return;
            case Close:
                connection.Close(4000, "asked");
                break;
        }

        connection.Send(MessageBuffer.Copy(Encoding.UTF8.GetBytes(text)));
    }
}
