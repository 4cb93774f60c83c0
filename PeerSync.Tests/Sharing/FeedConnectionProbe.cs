using System.Text;
using System.Threading.Channels;
using PeerSync.Actors.Connections;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Sharing;

/// <summary>The client's end of a listener's connection.</summary>
internal sealed class FeedConnectionProbe : IConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<(int Code, string Reason)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The listener.</summary>
    internal IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>The deadline that was set last.</summary>
    internal TimeSpan? Deadline { get; private set; }

    public ConnectionId Id { get; } = new("probe");

    public string AddressTag => string.Empty;

    public long QueuedBytes => 0;

    public void Send(MessageBuffer message)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        message.Release();
        _sent.Writer.TryWrite(text);
    }

    public void TellWhenDrained(object message) => Actor.Tell(message, ActorRefs.NoSender);

    public void Close(int code, string reason) => _closed.TrySetResult((code, reason));

    public void ReturnCredit()
    {
    }

    public void Authenticated(UserId userId)
    {
    }

    public void SetDeadline(TimeSpan? delay, object? message) => Deadline = delay;

    internal void Say(string text) =>
        Actor.Tell(InboundMessage.Rent(MessageBuffer.Copy(Encoding.UTF8.GetBytes(text)), isText: true), ActorRefs.NoSender);

    /// <summary>What was sent next.</summary>
    internal async Task<string> NextAsync()
    {
        try
        {
            return await _sent.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for something to be sent.");
        }
    }

    /// <summary>Nothing more was sent.</summary>
    internal void ExpectNothing() => Assert.False(_sent.Reader.TryRead(out var text), text);

    internal async Task<(int Code, string Reason)> ClosedAsync()
    {
        try
        {
            return await _closed.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for the connection to be closed.");
        }
    }
}
