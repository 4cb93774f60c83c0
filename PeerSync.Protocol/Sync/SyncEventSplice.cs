namespace PeerSync.Protocol.Sync;

/// <summary>
/// Where the server's values go into an event, in bytes from the opening brace of the sender's object. Plain data, so that it can travel beside the
/// buffer that holds the message; made by <see cref="SyncReader.ReadEvent"/> and meaningful for that very object only.
/// </summary>
public struct SyncEventSplice
{
    /// <summary>Where the value of <c>stream_seq</c> begins; -1 when there is none and it is appended.</summary>
    public int StreamSeqStart { get; init; }

    /// <summary>The offset behind that value.</summary>
    public int StreamSeqEnd { get; init; }

    /// <summary>Where the value of <c>user_id</c> begins when it is to be replaced by the session's, being empty or differently written; else -1.</summary>
    public int UserIdStart { get; init; }

    /// <summary>The offset behind that value.</summary>
    public int UserIdEnd { get; init; }

    /// <summary>Where what is to be left out begins, a client's own <c>created_at</c> with one comma; -1 when there is none.</summary>
    public int OmittedStart { get; init; }

    /// <summary>The offset behind it.</summary>
    public int OmittedEnd { get; init; }

    /// <summary>The offset behind the last member that is kept.</summary>
    public int End { get; init; }
}
