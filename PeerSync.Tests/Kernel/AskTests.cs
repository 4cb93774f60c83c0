using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class AskTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly ActorSystem _system;
    private readonly IActorRef _echo;
    private readonly IActorRef _silent;

    public AskTests()
    {
        _system = ActorSystem.Create("ask", new ActorSystemSettings { TimeProvider = _time });
        _echo = _system.ActorOf<Echo>();
        _silent = _system.ActorOf<Silent>();
    }

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(Deadline);

    [Fact]
    public async Task TheAnswerIsTheResultAndNothingStays()
    {
        var timers = _time.ActiveTimers;
        Assert.Equal("hello", await _echo.Ask<string>("hello", TimeSpan.FromSeconds(5)).WaitAsync(Deadline));
        Assert.Equal(timers, _time.ActiveTimers);
    }

    [Fact]
    public async Task NoAnswerInTimeIsATimeoutAndNothingStays()
    {
        var timers = _time.ActiveTimers;
        var answer = _silent.Ask<string>("hello", TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer.WaitAsync(Deadline));
        Assert.Equal(timers, _time.ActiveTimers);
    }

    [Fact]
    public async Task ACancelledQuestionEndsAtOnceAndNothingStays()
    {
        var timers = _time.ActiveTimers;
        using var source = new CancellationTokenSource();
        var answer = _silent.Ask<string>("hello", TimeSpan.FromSeconds(5), source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.WaitAsync(Deadline));
        Assert.Equal(timers, _time.ActiveTimers);
    }

    [Fact]
    public async Task ManyQuestionsThatEndInEveryWayLeaveNoMemoryBehind()
    {
        var references = await AskAndForget();

        // Again and again for a while: the frames of the method that asked may still be on the stack of the thread that ended it.
        await new Kit(_system).AwaitAssertAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            Assert.Equal(0, references.Count(reference => reference.IsAlive));
        });
        Assert.Equal(0, _time.ActiveTimers);

        async Task<List<WeakReference>> AskAndForget()
        {
            var references = new List<WeakReference>();
            using var source = new CancellationTokenSource();
            var answers = new List<Task<Echo.Payload>>();
            for (var i = 0; i < 300; i++)
            {
                var payload = new Echo.Payload();
                references.Add(new WeakReference(payload));
                answers.Add((i % 3) switch
                {
                    0 => _echo.Ask<Echo.Payload>(payload, TimeSpan.FromSeconds(5)),
                    1 => _silent.Ask<Echo.Payload>(payload, TimeSpan.FromSeconds(5)),
                    _ => _silent.Ask<Echo.Payload>(payload, null, source.Token),
                });
            }

            foreach (var answer in answers.Where((_, i) => i % 3 == 0))
            {
                await answer.WaitAsync(Deadline);
            }

            _time.Advance(TimeSpan.FromSeconds(5));
            await source.CancelAsync();
            await Task.WhenAll(answers.Select(answer => answer.ContinueWith(_ => { }, TaskScheduler.Default))).WaitAsync(Deadline);
            await _silent.Ask<string>("sync", CancellationToken.None).WaitAsync(Deadline);

            // The only other timer of a system: the one that trims mailboxes which had grown.
            _time.Advance(_system.Settings.MailboxTrimInterval);
            return references;
        }
    }

    [Fact]
    public async Task AFailureAsAnswerFailsTheTask()
    {
        var answer = _echo.Ask<string>(new Status.Failure(new InvalidOperationException("no")), Deadline);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => answer.WaitAsync(Deadline));
        Assert.Equal("no", exception.Message);
    }

    [Fact]
    public async Task AnAnswerOfAnotherTypeFailsTheTask() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _echo.Ask<int>("text", Deadline).WaitAsync(Deadline));

    [Fact]
    public async Task ALateAnswerIsADeadLetter()
    {
        var kit = new Kit(_system);
        _system.EventStream.Subscribe<DeadLetter>(kit.TestActor);
        var answer = kit.TestActor.Ask<string>("question", TimeSpan.FromSeconds(1));
        await kit.ExpectMsgAsync("question");
        var asker = kit.LastSender;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer.WaitAsync(Deadline));
        asker.Tell("late");
        Assert.Equal("late", (await kit.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task GracefulStopWaitsForTheEnd()
    {
        Assert.True(await _echo.GracefulStop(Deadline).WaitAsync(Deadline));
        Assert.True(await _echo.GracefulStop(Deadline).WaitAsync(Deadline));
    }

    [Fact]
    public async Task GracefulStopThatIsIgnoredIsCancelled()
    {
        var stop = _silent.GracefulStop(TimeSpan.FromSeconds(3), "please");
        _time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<TaskCanceledException>(() => stop.WaitAsync(Deadline));
    }

    [Fact]
    public async Task PipeToTellsTheResultOrTheFailure()
    {
        var kit = new Kit(_system);
        await Task.FromResult("result").PipeTo(kit.TestActor);
        await kit.ExpectMsgAsync("result");
        await Task.FromResult(20).PipeTo(kit.TestActor, success: value => value + 1);
        await kit.ExpectMsgAsync(21);
        await Task.FromException<string>(new InvalidOperationException("no")).PipeTo(kit.TestActor);
        Assert.Equal("no", (await kit.ExpectMsgAsync<Status.Failure>()).Cause.Message);
        await Task.CompletedTask.PipeTo(kit.TestActor, success: () => "done");
        await kit.ExpectMsgAsync("done");
    }

    private sealed class Kit(ActorSystem system) : TestKitBase(system, name: null);

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);

        internal sealed class Payload;
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "sync")
            {
                Sender.Tell("sync");
            }
        }
    }
}
