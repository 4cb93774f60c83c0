using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>What the scenarios of one run share that measures several servers side by side.</summary>
internal abstract class TargetRun(IReadOnlyList<EventLoop> loops, IReadOnlyList<ITarget> targets, CancellationToken cancellation)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public IReadOnlyList<EventLoop> Loops => loops;

    /// <summary>Those that can run here, once <see cref="PrepareAsync"/> has found out.</summary>
    public IReadOnlyList<ITarget> Targets { get; private set; } = targets;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What could not be measured, for the end of the report.</summary>
    public IList<string> Faults { get; } = [];

    /// <summary>What was measured so far, of every scenario: tells how undisturbed the machine was.</summary>
    public IList<Usage> Measured { get; } = [];

    /// <summary>Makes the targets ready; those that cannot run here are left out and told of.</summary>
    public async Task PrepareAsync()
    {
        var ready = new List<ITarget>();
        foreach (var target in Targets)
        {
            if (await target.PrepareAsync(Cancellation) is { } reason)
            {
                Faults.Add($"{target.Title} was left out: {reason}");
                Progress($"{target.Name} is left out: {reason}");
            }
            else
            {
                ready.Add(target);
            }
        }

        Targets = ready;
    }

    /// <summary>Runs a target's measurement; a fault is told and leaves that figure out, so that it does not take the others with it.</summary>
    public async Task TryAsync(string what, ITarget target, Func<Task> measure)
    {
        Cancellation.ThrowIfCancellationRequested();
        try
        {
            await measure();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !Cancellation.IsCancellationRequested)
        {
            var fault = $"{target.Title}, {what}: {exception.Message}";
            if (!Faults.Contains(fault))
            {
                Faults.Add(fault);
            }

            // What the bench and its servers fail with has a message that says all; of anything else the place is of interest.
            var isExpected = exception is InvalidOperationException or InvalidDataException or IOException or TimeoutException;
            Progress($"{target.Name}: {what} FAILED: {(isExpected ? exception.Message : exception)}");
        }
    }

    /// <summary>The targets in the order of a round: each round begins with another one, so that none is always first.</summary>
    public IEnumerable<TTarget> TargetsOfRound<TTarget>(int round)
        where TTarget : ITarget => Targets.Skip(round % Targets.Count).Concat(Targets.Take(round % Targets.Count)).Cast<TTarget>();

    /// <summary>Measures all targets, round by round.</summary>
    public async Task ForEachAsync<TTarget>(int rounds, string what, Func<TTarget, int, Task> measure)
        where TTarget : ITarget
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in TargetsOfRound<TTarget>(round))
            {
                await TryAsync(what, target, () => measure(target, round));
            }
        }
    }

    public Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Cancellation);

    /// <summary>A line on standard error.</summary>
    public void Progress(string line)
    {
        var seconds = TimeProvider.System.GetElapsedTime(_started).TotalSeconds;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{seconds,6:F1}] {line}"));
    }
}
