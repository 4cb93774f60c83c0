namespace PeerSync.Kernel;

/// <summary>One incarnation of an entity as its region knows it.</summary>
internal sealed class ShardEntity(string id, ActorCell cell) : IMailboxGate
{
    private volatile bool _shut;

    public string Id { get; } = id;

    public ActorCell Cell { get; } = cell;

    /// <summary>The number of the region's sweep in which the entity was last told something.</summary>
    public int LastActive { get; set; }

    /// <summary>What came after the stop message, for the next incarnation. Guarded by the region's lock.</summary>
    public Queue<Envelope>? Buffer { get; set; }

    /// <summary>False from the moment in which the region decides to tell the stop message.</summary>
    public bool IsOpen => !_shut;

    public void Shut() => _shut = true;

    /// <summary>Lets messages in again. The stop message told last was refused.</summary>
    public void Reopen() => _shut = false;
}
