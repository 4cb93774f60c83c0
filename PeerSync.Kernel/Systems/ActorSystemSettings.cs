using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>What can be set about an actor system.</summary>
public sealed record ActorSystemSettings
{
    /// <summary>The defaults.</summary>
    public static ActorSystemSettings Default { get; } = new();

    /// <summary>The clock and the timers of everything in the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many messages an actor processes before others get their turn. 64 keeps a turn in the range of some ten microseconds.</summary>
    /// <remarks>An actor whose messages take next to no time may have several such shares in a row, for a tenth of a millisecond.</remarks>
    public int Throughput { get; init; } = 64;

    /// <summary>How many messages an actor may stash unless its props say otherwise.</summary>
    public int StashCapacity { get; init; } = 1000;

    /// <summary>How long a mailbox that had grown keeps its memory when it is not needed.</summary>
    public TimeSpan MailboxTrimInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Which log events are published.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>The types of mailbox that <see cref="Props.WithMailbox"/> can name.</summary>
    public ImmutableDictionary<string, MailboxType> Mailboxes { get; init; } = ImmutableDictionary<string, MailboxType>.Empty;

    /// <summary>How long a phase of the coordinated shutdown may take unless <see cref="ShutdownPhaseTimeouts"/> says otherwise.</summary>
    public TimeSpan DefaultPhaseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long phases of the coordinated shutdown may take, by their names.</summary>
    public ImmutableDictionary<string, TimeSpan> ShutdownPhaseTimeouts { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>Where the system's persistent actors keep their events; see <see cref="Persistence.Use"/> for a journal that is made later.</summary>
    public AsyncWriteJournal? Journal { get; init; }

    /// <summary>Where the system's persistent actors keep their snapshots; null when there are none.</summary>
    public SnapshotStore? SnapshotStore { get; init; }

    /// <summary>How many persistent actors may recover at the same time; the others wait for their turn in the order in which they started.</summary>
    public int MaxConcurrentRecoveries { get; init; } = 64;

    /// <summary>How long a recovering actor waits for each answer of the journal and of the snapshot store before its recovery fails.</summary>
    public TimeSpan RecoveryEventTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Adds a type of mailbox that <see cref="Props.WithMailbox"/> can name.</summary>
    public ActorSystemSettings WithMailbox(string name, MailboxType type) => this with { Mailboxes = Mailboxes.SetItem(name, type) };

    internal MailboxType MailboxOf(string name) =>
        Mailboxes.TryGetValue(name, out var type) ? type : throw new ConfigurationException($"The mailbox type [{name}] is not configured.");
}
