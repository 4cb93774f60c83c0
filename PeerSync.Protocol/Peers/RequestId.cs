namespace PeerSync.Protocol.Peers;

/// <summary>One connection request between two peers, from its sending to its answer or expiry.</summary>
/// <param name="Value">The identifier as it stands on the wire; compared ordinally.</param>
public readonly record struct RequestId(string Value)
{
    /// <summary>The identifier as it stands on the wire; empty for the default value.</summary>
    public override string ToString() => Value ?? string.Empty;
}
