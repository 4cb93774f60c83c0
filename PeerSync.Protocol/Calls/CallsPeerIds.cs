namespace PeerSync.Protocol.Calls;

/// <summary>The names under which devices see each other, on the wire and in <c>/blocks</c>: pseudonyms, or the device ids themselves.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class CallsPeerIds
{
    /// <summary>The longest name of a peer, in characters.</summary>
    public const int MaxLength = CallsPseudonyms.MaxLength;

    private readonly CallsPseudonyms _pseudonyms;
    private readonly bool _areDeviceIds;

    /// <param name="pseudonyms">Makes and opens pseudonyms.</param>
    /// <param name="areDeviceIds">Whether devices are told each other's ids, as the original tells them.</param>
    public CallsPeerIds(CallsPseudonyms pseudonyms, bool areDeviceIds)
    {
        ArgumentNullException.ThrowIfNull(pseudonyms);
        _pseudonyms = pseudonyms;
        _areDeviceIds = areDeviceIds;
    }

    /// <summary>The name under which one device sees another.</summary>
    public string Of(string viewer, string deviceId) => _areDeviceIds ? deviceId : _pseudonyms.Create(viewer, deviceId);

    /// <summary>
    /// The device that a name stands for; null where it is none. A pseudonym of another viewer is none. What is no pseudonym stands for itself: whoever knows a
    /// device id may use it.
    /// </summary>
    public string? Find(string viewer, string peerId) => _pseudonyms.TryOpen(viewer, peerId, out var deviceId) ? deviceId
        : CallsDeviceId.IsValid(peerId) && !_pseudonyms.IsPseudonym(peerId) ? peerId
        : null;

    /// <summary>Whether a text is a name that somebody was told: such may not be a device id.</summary>
    public bool IsReserved(string text) => _pseudonyms.IsPseudonym(text);
}
