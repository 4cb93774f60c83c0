namespace PeerSync.Protocol.Peers;

/// <summary>One invite-code network (a UUID).</summary>
/// <param name="Value">The identifier as it stands on the wire; compared ordinally.</param>
public readonly record struct NetworkId(string Value)
{
    /// <summary>The identifier as it stands on the wire; empty for the default value.</summary>
    public override string ToString() => Value ?? string.Empty;
}
