namespace PeerSync.Storage.Migrations;

/// <summary>The schema of the database is not one that this program can bring up to date. An operator has to decide; trying again does not help.</summary>
public sealed class MigrationException : Exception
{
    /// <summary>For what a comparison shows.</summary>
    /// <param name="message">What does not fit, and what to do.</param>
    public MigrationException(string message)
        : base(message)
    {
    }

    /// <summary>For statements that the engine refused.</summary>
    /// <param name="message">Which migration failed.</param>
    /// <param name="innerException">The engine's exception.</param>
    public MigrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
