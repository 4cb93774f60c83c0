using System.Collections.Concurrent;
using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

/// <summary>A journal that does what a test's script says: keeps writes waiting, refuses, fails, loses, conflicts.
/// It checks the kernel's side of the contract.</summary>
internal sealed class ScriptedJournal : AsyncWriteJournal
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<long, Persistent>> _events = [];
    private readonly Dictionary<string, long> _highest = [];
    private readonly Channel<HeldWrite> _held = Channel.CreateUnbounded<HeldWrite>();

    /// <summary>Whether writes wait for the test, which takes them with <see cref="NextWriteAsync"/>.</summary>
    public bool HoldsWrites { get; set; }

    /// <summary>Runs instead of a write, inside the call; returning null goes on with the write.</summary>
    public Func<Persistent[], Task?>? OnWrite { get; set; }

    /// <summary>Runs before a replay; gets the first sequence number that is asked for.</summary>
    public Func<string, long, CancellationToken, Task>? OnReplay { get; set; }

    /// <summary>Runs before the highest sequence number is read.</summary>
    public Func<string, CancellationToken, Task>? OnReadHighest { get; set; }

    /// <summary>The events of each write, in the order in which they were asked for.</summary>
    public ConcurrentQueue<Persistent[]> Writes { get; } = new();

    /// <summary>The sizes of the pages that were asked for.</summary>
    public ConcurrentQueue<long> Pages { get; } = new();

    public static Persistent Event(string persistenceId, long sequenceNr, object payload) => new(payload, sequenceNr, persistenceId, "writer", 0);

    public async Task<HeldWrite> NextWriteAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            return await _held.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("No write came.");
        }
    }

    public bool HasHeldWrite => _held.Reader.Count > 0;

    public void Add(params Persistent[] events) => Store(events);

    public Persistent[] EventsOf(string persistenceId)
    {
        lock (_gate)
        {
            return _events.TryGetValue(persistenceId, out var events) ? [.. events.Values] : [];
        }
    }

    public object[] PayloadsOf(string persistenceId) => [.. EventsOf(persistenceId).Select(e => e.Payload)];

    public override Task WriteMessagesAsync(IReadOnlyList<Persistent> messages)
    {
        var events = messages.ToArray();
        Assert.NotEmpty(events);
        Assert.Single(events.Select(e => e.PersistenceId).Distinct());
        Assert.Equal(Enumerable.Range(0, events.Length).Select(i => events[0].SequenceNr + i), events.Select(e => e.SequenceNr));
        Writes.Enqueue(events);
        if (OnWrite?.Invoke(events) is { } scripted)
        {
            return scripted;
        }

        if (HoldsWrites)
        {
            var held = new HeldWrite(this, events);
            _held.Writer.TryWrite(held);
            return held.Task;
        }

        return Task.Run(() => Store(events));
    }

    public override async Task ReplayMessagesAsync(
        string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<Persistent> recoveryCallback, CancellationToken cancellationToken)
    {
        Pages.Enqueue(max);
        await Task.Yield();
        if (OnReplay is { } script)
        {
            await script(persistenceId, fromSequenceNr, cancellationToken);
        }

        foreach (var e in EventsOf(persistenceId).Where(e => e.SequenceNr >= fromSequenceNr && e.SequenceNr <= toSequenceNr).Take((int)Math.Min(max, int.MaxValue)))
        {
            recoveryCallback(e);
        }
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (OnReadHighest is { } script)
        {
            await script(persistenceId, cancellationToken);
        }

        lock (_gate)
        {
            return Math.Max(fromSequenceNr, _highest.GetValueOrDefault(persistenceId));
        }
    }

    public override async Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            foreach (var e in EventsOf(persistenceId).Where(e => e.SequenceNr <= toSequenceNr))
            {
                _events[persistenceId].Remove(e.SequenceNr);
            }
        }
    }

    /// <exception cref="JournalConflictException">A number is taken.</exception>
    public void Store(Persistent[] events)
    {
        lock (_gate)
        {
            var id = events[0].PersistenceId;
            if (events[0].SequenceNr <= _highest.GetValueOrDefault(id))
            {
                throw new JournalConflictException(id, null);
            }

            if (!_events.TryGetValue(id, out var stored))
            {
                _events.Add(id, stored = []);
            }

            foreach (var e in events)
            {
                stored.Add(e.SequenceNr, e.Payload is Tagged tagged ? e with { Payload = tagged.Payload } : e);
            }

            _highest[id] = events[^1].SequenceNr;
        }
    }

    /// <summary>A write that waits for the test.</summary>
    internal sealed class HeldWrite(ScriptedJournal journal, Persistent[] events)
    {
        private readonly TaskCompletionSource _completion = new();

        public Task Task => _completion.Task;

        public Persistent[] Events => events;

        public object[] Payloads => [.. events.Select(e => e.Payload)];

        public void Complete()
        {
            try
            {
                journal.Store(events);
            }
            catch (JournalConflictException conflict)
            {
                _completion.SetException(conflict);
                return;
            }

            _completion.SetResult();
        }

        public void Fail(Exception cause, bool landed = false)
        {
            if (landed)
            {
                journal.Store(events);
            }

            _completion.SetException(cause);
        }
    }
}
