namespace PeerSync.Storage.Journal;

/// <summary>Gives groups of batches to whoever is able to write one just now.</summary>
/// <remarks>
/// Thread-safe. A writer calls <see cref="Take"/> as late as it can, so that as many batches as possible have come together, and for a group that it got
/// one of <see cref="Complete"/> and <see cref="Fail"/>.
/// </remarks>
internal interface IGroupSource
{
    /// <summary>Takes what waits, up to the bounds of a group; null when nothing does, and then nothing more is to be told.</summary>
    JournalGroup? Take();

    /// <summary>The group has been committed; every batch in it is decided.</summary>
    void Complete(JournalGroup group);

    /// <summary>The group could not be committed, or none could be taken. Batches that are decided nevertheless are published; the others are tried again.</summary>
    void Fail(JournalGroup? group, Exception reason);
}
