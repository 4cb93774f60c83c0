namespace PeerSync.Kernel;

/// <summary>What a <see cref="PendingHandler"/> waits for, and who waits for it.</summary>
[Flags]
internal enum PendingHandlerKind : byte
{
    /// <summary>The handlers before it.</summary>
    None = 0,

    /// <summary>Its event has to be written.</summary>
    Persisted = 1,

    /// <summary>Commands wait until it has run.</summary>
    Stashing = 2,

    /// <summary>Its event is the last of those that are to be written together.</summary>
    EndsGroup = 4,
}
