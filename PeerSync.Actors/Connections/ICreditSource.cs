namespace PeerSync.Actors.Connections;

/// <summary>Where messages come from that are read only as fast as they are dealt with.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ICreditSource
{
    /// <summary>Says that one message handed to the actor has been dealt with, so that another may be read. Exactly one call per message.</summary>
    void ReturnCredit();
}
