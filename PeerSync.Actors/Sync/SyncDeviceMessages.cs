using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>A message to one device.</summary>
public interface ISyncDeviceMessage
{
    /// <summary>The device it is for.</summary>
    DeviceId DeviceId { get; }
}

/// <summary>A socket has proven an identity and becomes the device's socket. Sent by the connection, which gets <see cref="SessionGranted"/> or
/// <see cref="DeviceRefused"/>.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Identity">The identity that signed, in lower case.</param>
/// <param name="ConnectionId">The socket.</param>
/// <param name="Name">The device's name, or null.</param>
/// <param name="Type">The device's type, or null.</param>
public sealed record LogInDevice(DeviceId DeviceId, UserId Identity, ConnectionId ConnectionId, string? Name, string? Type)
    : IEntityMessage, ISyncDeviceMessage;

/// <summary>The device's socket is gone.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectionId">The socket; the end of an earlier one changes nothing.</param>
public sealed record DetachDevice(DeviceId DeviceId, ConnectionId ConnectionId) : IEntityMessage, ISyncDeviceMessage;

/// <summary>The device joins the user who shows a code. The connection gets <see cref="PairingEnded"/>.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="Code">Six digits.</param>
public sealed record CompletePairing(DeviceId DeviceId, ConnectionId ConnectionId, string Code) : IEntityMessage, ISyncDeviceMessage;

/// <summary>An event of another device of the user.</summary>
/// <param name="DeviceId">The device it is for.</param>
/// <param name="UserId">Whose event it is; a device that has left this user does not get it.</param>
/// <param name="SequenceNr">Its number in the journal.</param>
/// <param name="DeviceSeq">The sending device's number of it.</param>
/// <param name="Frame">The encoded message; its reference goes with this message.</param>
public sealed record DeliverEvent(DeviceId DeviceId, UserId UserId, long SequenceNr, long DeviceSeq, MessageBuffer Frame)
    : IEntityMessage, ISyncDeviceMessage;

/// <summary>A message of the user's stream for a connected device that is not kept anywhere.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="UserId">Whose message it is; a device that has left this user does not get it.</param>
/// <param name="Frame">The encoded message; its reference goes with this message.</param>
public sealed record DeliverNotice(DeviceId DeviceId, UserId UserId, MessageBuffer Frame) : IEntityMessage, ISyncDeviceMessage;

/// <summary>The user's stream has ended in a fault: the device's client must come back.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="UserId">The user.</param>
public sealed record StreamLost(DeviceId DeviceId, UserId UserId) : IEntityMessage, ISyncDeviceMessage;

/// <summary>The device must not be connected any longer.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Kind">Why, which decides what its client is told.</param>
public sealed record DisconnectDevice(DeviceId DeviceId, SyncDisconnect Kind) : IEntityMessage, ISyncDeviceMessage;

/// <summary>The login is complete.</summary>
/// <param name="Device">The device as stored.</param>
/// <param name="Admitted">How the device stands in the user's stream.</param>
/// <param name="ExpiresAt">When the session ends.</param>
public sealed record SessionGranted(SyncDevice Device, DeviceAdmitted Admitted, DateTimeOffset ExpiresAt);

/// <summary>A socket is told to end.</summary>
/// <param name="Close">What its client is told.</param>
/// <param name="Notice">A message that goes before the close, or null.</param>
/// <param name="Delay">How long after the notice the close follows.</param>
public sealed record EndSocket(SyncClose Close, MessageBuffer? Notice, TimeSpan Delay);

/// <summary>An attempt to join has ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Granted">The session with the user who showed the code; null unless the device has changed to another user.</param>
/// <param name="LinkedUser">The user who showed the code; the default value unless completed.</param>
public sealed record PairingEnded(SyncPairingStatus Status, SessionGranted? Granted, UserId LinkedUser);
