using System.Threading.Channels;
using PeerSync.Actors.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Kernel;

namespace PeerSync.Tests.SocketIO;

/// <summary>A namespace whose sockets and messages the test takes in hand itself.</summary>
internal sealed class ScriptedApplication : ISocketIOApplication
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<ISocketIOSocket> _sockets = Channel.CreateUnbounded<ISocketIOSocket>();
    private readonly Channel<object> _messages = Channel.CreateUnbounded<object>();

    public Props CreateActor(ISocketIOSocket socket)
    {
        _sockets.Writer.TryWrite(socket);
        return Props.Create(() => new Recorder(_messages.Writer));
    }

    /// <summary>The next client that wants to join.</summary>
    internal async Task<ISocketIOSocket> SocketAsync() => await _sockets.Reader.ReadAsync(EchoHost.Cancel).AsTask().WaitAsync(Patience);

    /// <summary>The next message to any of the actors.</summary>
    internal async Task<T> ExpectAsync<T>() => Assert.IsType<T>(await _messages.Reader.ReadAsync(EchoHost.Cancel).AsTask().WaitAsync(Patience));

    /// <summary>There is none.</summary>
    internal void ExpectNothing() => Assert.False(_messages.Reader.TryRead(out var message), $"Expected nothing, was told {message}");

    private sealed class Recorder(ChannelWriter<object> messages) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            messages.TryWrite(message);
            if (message is SocketIODisconnected)
            {
                Context.Stop(Self);
            }
        }
    }
}
