using System.Collections.Concurrent;
using PeerSync.Kernel;

namespace PeerSync.Tests.Sync.Streams;

/// <summary>A real journal whose writes fail or wait, for single actors, when a test says so.</summary>
internal sealed class FaultyJournal(AsyncWriteJournal inner) : AsyncWriteJournal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Script> _scripts = new(StringComparer.Ordinal);

    /// <summary>The actor's next write fails.</summary>
    /// <param name="persistenceId">The actor.</param>
    /// <param name="isWritten">Whether the events are in the journal all the same, as when only the answer is lost.</param>
    public void FailNext(string persistenceId, bool isWritten) => Of(persistenceId).Faults.Enqueue(isWritten);

    /// <summary>The actor's writes wait from here on, until they are released.</summary>
    public void Hold(string persistenceId)
    {
        var script = Of(persistenceId);
        lock (script)
        {
            script.Gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets the actor's writes go on.</summary>
    public void Release(string persistenceId)
    {
        var script = Of(persistenceId);
        lock (script)
        {
            script.Gate?.SetResult();
            script.Gate = null;
        }
    }

    /// <summary>The actor's writes go on and do not fail any longer.</summary>
    public void Heal(string persistenceId)
    {
        Of(persistenceId).Faults.Clear();
        Release(persistenceId);
    }

    /// <summary>Waits until a write of the actor waits.</summary>
    public async Task HeldAsync(string persistenceId) =>
        Assert.True(await Of(persistenceId).Held.WaitAsync(Patience, TestContext.Current.CancellationToken), "No write came.");

    public override Task WriteMessagesAsync(IReadOnlyList<Persistent> messages) =>
        _scripts.TryGetValue(messages[0].PersistenceId, out var script) ? WriteAsync(script, [.. messages]) : inner.WriteMessagesAsync(messages);

    public override Task ReplayMessagesAsync(
        string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<Persistent> recoveryCallback, CancellationToken cancellationToken) =>
        inner.ReplayMessagesAsync(persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback, cancellationToken);

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        inner.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);

    public override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        inner.DeleteMessagesToAsync(persistenceId, toSequenceNr, cancellationToken);

    private Script Of(string persistenceId) => _scripts.GetOrAdd(persistenceId, static _ => new Script());

    private async Task WriteAsync(Script script, Persistent[] messages)
    {
        Task? gate;
        lock (script)
        {
            gate = script.Gate?.Task;
        }

        if (gate is not null)
        {
            script.Held.Release();
            await gate;
        }

        var fails = script.Faults.TryDequeue(out var isWritten);
        if (!fails || isWritten)
        {
            await inner.WriteMessagesAsync(messages);
        }

        if (fails)
        {
            throw new JournalUnavailableException("The test lets a write fail.", null);
        }
    }

    private sealed class Script
    {
        public ConcurrentQueue<bool> Faults { get; } = new();

        public SemaphoreSlim Held { get; } = new(0);

        public TaskCompletionSource? Gate { get; set; }
    }
}
