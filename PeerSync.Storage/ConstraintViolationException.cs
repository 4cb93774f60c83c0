namespace PeerSync.Storage;

/// <summary>A constraint of the database refused a write: the database is well, and what was asked contradicts what it holds.</summary>
public sealed class ConstraintViolationException : Exception
{
    /// <summary>Wraps the engine's own exception.</summary>
    /// <param name="message">What was being done; holds no values.</param>
    /// <param name="innerException">The engine's exception, which names the constraint.</param>
    public ConstraintViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
