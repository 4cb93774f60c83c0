namespace PeerSync.Kernel;

/// <summary>One incarnation of an entity as its region knows it. Its gate is shut when the region decides to tell the stop message.</summary>
internal sealed class ShardEntity(string id, ActorCell cell) : MailboxGate
{
    public string Id { get; } = id;

    public ActorCell Cell { get; } = cell;

    /// <summary>The number of the region's sweep in which the entity was last told something.</summary>
    public int LastActive { get; set; }

    /// <summary>What came after the stop message, for the next incarnation. Guarded by the region's lock.</summary>
    public Queue<Envelope>? Buffer { get; set; }
}
