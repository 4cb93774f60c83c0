using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>An event was refused because its sequence number is taken: another incarnation of the actor, perhaps on another node, has gone on with the
/// stream. Whoever meets it must recover before it writes again.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Only a journal makes it, always for an actor.")]
public sealed class JournalConflictException : Exception
{
    /// <param name="persistenceId">Whose event was refused.</param>
    /// <param name="cause">What the database said.</param>
    public JournalConflictException(string persistenceId, Exception? cause)
        : base($"Another writer has gone on with the events of [{persistenceId}].", cause)
    {
    }
}
