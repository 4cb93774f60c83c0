namespace PeerSync.Kernel;

/// <summary>Chooses a <see cref="Directive"/> for an exception.</summary>
public interface IDecider
{
    /// <summary>Chooses a directive.</summary>
    Directive Decide(Exception cause);
}
