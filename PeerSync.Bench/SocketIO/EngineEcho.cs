using PeerSync.Actors.Connections;
using PeerSync.Actors.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Protocol.Buffers;

namespace PeerSync.Bench.SocketIO;

/// <summary>A plain Engine.IO application: each message goes back as it came.</summary>
internal sealed class EngineEcho : IEngineApplication
{
    public IEngineReceiver Open(EngineSession session) => new Receiver(session);

    private sealed class Receiver(EngineSession session) : IEngineReceiver
    {
        public void OnMessage(MessageBuffer message, int offset, bool isText, ICreditSource credit)
        {
            message.IsBinary = !isText;
            session.Send(message);
            credit.ReturnCredit();
        }

        public void OnDeadline()
        {
        }

        public void OnClosed(SocketIODisconnectReason reason)
        {
        }
    }
}
