namespace PeerSync.Protocol.Sync;

/// <summary>What is to be done with an event.</summary>
public enum SyncEventStatus
{
    /// <summary>Store it, relay it, acknowledge it.</summary>
    Ok,

    /// <summary>Close the socket with the view's refusal.</summary>
    Invalid,

    /// <summary>
    /// An identifier of the device's own event has a wrong form, which sending again cannot mend: acknowledge its <c>device_seq</c> once all earlier events
    /// are stored, and drop it.
    /// </summary>
    Malformed,

    /// <summary>
    /// The device's own event is past its <c>ttl</c>. The view has a refusal to close with; as the client would send it again after each login, it
    /// can also be acknowledged and dropped like a malformed one.
    /// </summary>
    Expired,

    /// <summary>
    /// Another device's event. Ignore it, and never acknowledge it: the client takes acknowledgements as cumulative and would drop events of its own.
    /// </summary>
    ForeignDevice,

    /// <summary>The event names another user: close with the view's refusal.</summary>
    ForeignUser,
}
