namespace PeerSync.Storage;

/// <summary>The database could not be asked or did not answer in time. Nothing is known of the operation's effect unless its documentation says so.</summary>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Wraps the engine's own exception.</summary>
    /// <param name="message">What was being done; holds no values.</param>
    /// <param name="innerException">The engine's exception.</param>
    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For what the engine does not throw itself.</summary>
    /// <param name="message">What is wrong; holds no values.</param>
    public StorageUnavailableException(string message)
        : base(message)
    {
    }
}
