namespace PeerSync.Protocol.Sync;

/// <summary>The server's identity key cannot be used as given. The message says why and holds no key.</summary>
public sealed class SyncServerIdentityException : Exception
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public SyncServerIdentityException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong with the key.</param>
    public SyncServerIdentityException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong with the key.</param>
    /// <param name="innerException">What was thrown for it.</param>
    public SyncServerIdentityException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
