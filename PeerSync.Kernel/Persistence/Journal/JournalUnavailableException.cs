using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>The journal or the snapshot store did not do what it was asked in time. It may be worth trying again.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a message it would tell nothing.")]
public sealed class JournalUnavailableException : Exception
{
    /// <param name="message">What was being done.</param>
    /// <param name="cause">What the database said.</param>
    public JournalUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
