namespace PeerSync.Protocol.Peers;

/// <summary>What a required text member of a client's <c>data</c> turned out to be.</summary>
public enum PeersFieldStatus
{
    /// <summary>
    /// Absent, or a value that JavaScript takes as false: <c>null</c>, <c>""</c>, <c>false</c> or zero. Also when <c>data</c> is not an object.
    /// </summary>
    Missing,

    /// <summary>There, but no string, so that it names nothing that exists.</summary>
    NotAString,

    /// <summary>A string that is not empty.</summary>
    Text,
}
