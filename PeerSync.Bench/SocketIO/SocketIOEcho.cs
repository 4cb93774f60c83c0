using PeerSync.Actors.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Kernel;

namespace PeerSync.Bench.SocketIO;

/// <summary>A plain Socket.IO application: tells each client what it joined with, and sends its messages back as events or as answers.</summary>
internal sealed class SocketIOEcho : ISocketIOApplication
{
    public Props CreateActor(ISocketIOSocket socket) => Props.Create(() => new EchoActor(socket));

    private sealed class EchoActor(ISocketIOSocket socket) : UntypedActor, IWithTimers
    {
        // The protocol's published test suite listens for one message at a time: two that arrive together are one to it.
        private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(10);

        private sealed record Greet(ReadOnlyMemory<byte> Auth);

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case SocketIOConnecting connecting:
                    socket.Accept();
                    Timers.StartSingleTimer(nameof(Greet), new Greet(connecting.Auth), Apart);
                    break;
                case Greet greet:
                    socket.Emit("\"auth\""u8, greet.Auth.IsEmpty ? "{}"u8 : greet.Auth.Span);
                    socket.Start();
                    break;
                case SocketIOEvent sent:
                    Answer(sent);
                    sent.Complete();
                    break;
                case SocketIOInbound other:
                    other.Complete();
                    break;
                case SocketIODisconnected:
                    Context.Stop(Self);
                    break;
            }
        }

        private void Answer(SocketIOEvent sent)
        {
            var isMessage = sent.IsNamed("message"u8);
            if (!isMessage && !(sent.IsNamed("message-with-ack"u8) && sent.AckId is not null))
            {
                return;
            }

            foreach (var attachment in sent.Attachments)
            {
                attachment.Retain();
            }

            if (isMessage)
            {
                socket.Emit("\"message-back\""u8, sent.Arguments, attachments: sent.Attachments);
            }
            else
            {
                socket.Acknowledge(sent.AckId!.Value, sent.Arguments, sent.Attachments);
            }
        }
    }
}
