using PeerSync.Kernel;

namespace PeerSync.Storage.Journal;

/// <summary>Tells the storage's faults in the words of the actor kernel.</summary>
internal static class JournalFaults
{
    /// <summary>Runs an operation.</summary>
    /// <exception cref="JournalUnavailableException">The database failed or is closed.</exception>
    public static async Task<T> TranslateAsync<T>(string operation, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is StorageUnavailableException or ConstraintViolationException or ObjectDisposedException)
        {
            throw new JournalUnavailableException($"The database failed while {operation}.", e);
        }
    }
}
