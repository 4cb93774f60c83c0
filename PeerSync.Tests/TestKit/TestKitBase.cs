using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Tests.TestKit;

/// <summary>An actor whose messages a test can expect, with Akka.TestKit's names. Waits are in real time and say what was missing.</summary>
public abstract class TestKitBase
{
    protected static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DefaultSilence = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Envelope> _received = Channel.CreateUnbounded<Envelope>();
    private volatile Predicate<object>? _ignore;

    protected TestKitBase(ActorSystem system, string? name)
    {
        Sys = system;
        TestActor = system.ActorOf(Props.Create(() => new TestActor(_received.Writer)), name);
    }

    public ActorSystem Sys { get; }

    /// <summary>The actor whose messages are expected.</summary>
    public IActorRef TestActor { get; }

    /// <summary>The sender of the message that was expected last.</summary>
    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    /// <summary>Waits for the next message.</summary>
    public async Task<object> ReceiveOneAsync(TimeSpan? timeout = null, string expected = "a message")
    {
        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout);
        while (true)
        {
            Envelope envelope;
            try
            {
                envelope = await _received.Reader.ReadAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Timeout {timeout ?? DefaultTimeout} while waiting for {expected} at {TestActor}.");
            }

            if (_ignore?.Invoke(envelope.Message) != true)
            {
                LastSender = envelope.Sender ?? Sys.DeadLetters;
                return envelope.Message;
            }
        }
    }

    public async Task<T> ExpectMsgAsync<T>(TimeSpan? timeout = null)
    {
        var message = await ReceiveOneAsync(timeout, typeof(T).ToString());
        return message is T typed ? typed : throw new InvalidOperationException($"Expected a message of type {typeof(T)}, received {message}.");
    }

    public async Task<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null)
    {
        var message = await ExpectMsgAsync<T>(timeout);
        return isMessage(message) ? message : throw new InvalidOperationException($"Received a {typeof(T)} that was not expected: {message}.");
    }

    public async Task<T> ExpectMsgAsync<T>(T expected, TimeSpan? timeout = null)
    {
        var message = await ReceiveOneAsync(timeout, expected!.ToString()!);
        Assert.Equal((object)expected, message);
        return expected;
    }

    public T ExpectMsg<T>(TimeSpan? timeout = null) => ExpectMsgAsync<T>(timeout).GetAwaiter().GetResult();

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null) => ExpectMsgAsync(isMessage, timeout).GetAwaiter().GetResult();

    public T ExpectMsg<T>(T expected, TimeSpan? timeout = null) => ExpectMsgAsync(expected, timeout).GetAwaiter().GetResult();

    /// <summary>Asserts that nothing comes for a while. The only wait that a good test has to sit out.</summary>
    public async Task ExpectNoMsgAsync(TimeSpan? duration = null)
    {
        object message;
        try
        {
            message = await ReceiveOneAsync(duration ?? DefaultSilence);
        }
        catch (TimeoutException)
        {
            return;
        }

        Assert.Fail($"Expected no message, received {message}.");
    }

    public void ExpectNoMsg(TimeSpan? duration = null) => ExpectNoMsgAsync(duration).GetAwaiter().GetResult();

    /// <summary>Expects the end of an actor that is watched.</summary>
    public async Task<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null)
    {
        var message = await ReceiveOneAsync(timeout, $"the end of {target}");
        var terminated = Assert.IsType<Terminated>(message);
        Assert.Equal(target, terminated.ActorRef);
        return terminated;
    }

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null) => ExpectTerminatedAsync(target, timeout).GetAwaiter().GetResult();

    /// <summary>Waits for a message that matches and discards those before it.</summary>
    public async Task<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null)
    {
        while (true)
        {
            if (await ReceiveOneAsync(timeout, $"a {typeof(T)} that matches") is T typed && isMessage(typed))
            {
                return typed;
            }
        }
    }

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? timeout = null) => FishForMessageAsync(isMessage, timeout).GetAwaiter().GetResult();

    /// <summary>Discards messages that match from here on; null to end that.</summary>
    public void IgnoreMessages(Predicate<object>? shouldIgnore) => _ignore = shouldIgnore;

    /// <summary>Watches an actor; returns once it is watched.</summary>
    public async Task WatchAsync(IActorRef subject) => await TestActor.Ask<Done>(new TestActor.WatchCommand(subject), CancellationToken.None).WaitAsync(DefaultTimeout);

    public void Watch(IActorRef subject) => WatchAsync(subject).GetAwaiter().GetResult();

    public async Task UnwatchAsync(IActorRef subject) =>
        await TestActor.Ask<Done>(new TestActor.UnwatchCommand(subject), CancellationToken.None).WaitAsync(DefaultTimeout);

    public TestProbe CreateTestProbe(string? name = null) => new(Sys, name);

    /// <summary>Repeats an assertion until it holds. For what cannot be awaited as an event.</summary>
    public async Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null)
    {
        using var deadline = new CancellationTokenSource(duration ?? DefaultTimeout);
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(PollInterval);
            }
        }
    }
}
