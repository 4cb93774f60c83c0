namespace PeerSync.Actors.Sync;

/// <summary>A user's state as it was at one moment. Encoded at once, because the state goes on changing while the snapshot is saved.</summary>
/// <param name="Encoded">The state as <see cref="SyncSerializer"/> writes it.</param>
public sealed record SyncUserSnapshot(byte[] Encoded)
{
    /// <summary>Takes the state down.</summary>
    /// <param name="state">The state.</param>
    /// <param name="forgetUpTo">The last sequence number of the journal whose events are about to be deleted: their ids are left out. 0 for none.</param>
    public static SyncUserSnapshot Of(SyncUserState state, long forgetUpTo = 0) => new(SyncSerializer.Write(state, forgetUpTo));

    /// <summary>Reads the state.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public SyncUserState Restore() => SyncSerializer.ReadState(Encoded);
}
