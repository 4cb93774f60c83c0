using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>A message to one user's stream of events.</summary>
public interface ISyncUserMessage
{
    /// <summary>The user it is for.</summary>
    UserId UserId { get; }
}

/// <summary>A device logged in and wants to be among the user's connected ones. Sent by the device, which gets <see cref="DeviceAdmitted"/> or
/// <see cref="DeviceRefused"/>.</summary>
/// <param name="UserId">The user.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectionId">Its socket; an earlier one of the device is replaced.</param>
/// <param name="Name">The device's name, or null.</param>
/// <param name="Type">The device's type, or null.</param>
/// <param name="ExpiresAt">When the session ends.</param>
/// <param name="Joined">Whether it has just been paired to the user, so that it counts from the beginning.</param>
public sealed record AdmitDevice(
    UserId UserId, DeviceId DeviceId, ConnectionId ConnectionId, string? Name, string? Type, DateTimeOffset ExpiresAt, bool Joined)
    : IEntityMessage, ISyncUserMessage;

/// <summary>A device's socket is gone, or the device has left the user.</summary>
/// <param name="UserId">The user.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectionId">The socket; that of an earlier session changes nothing.</param>
public sealed record DismissDevice(UserId UserId, DeviceId DeviceId, ConnectionId ConnectionId) : IEntityMessage, ISyncUserMessage;

/// <summary>
/// A device has sent an event. Sent by its connection, which gets <see cref="EventAccepted"/> once the event is durable, or <see cref="EventRefused"/>.
/// </summary>
/// <param name="UserId">The user.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectionId">The socket that it came from.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="DeviceSeq">The device's number of it.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="EventType">Its type.</param>
/// <param name="Ttl">When it expires, in Unix milliseconds, or null.</param>
/// <param name="PayloadSize">The size of what it carries, in bytes.</param>
/// <param name="Message">The client's message that holds it; whoever handles this message releases it.</param>
/// <param name="Offset">Where the event's object begins in the message.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Splice">Where the server's values go.</param>
public sealed record AppendEvent(
    UserId UserId,
    DeviceId DeviceId,
    ConnectionId ConnectionId,
    Guid EventId,
    long DeviceSeq,
    string StreamId,
    string EventType,
    long? Ttl,
    int PayloadSize,
    MessageBuffer Message,
    int Offset,
    int Length,
    SyncEventSplice Splice) : IEntityMessage, ISyncUserMessage;

/// <summary>A device's own event that can never be accepted is to be acknowledged behind those that it sent before. The connection gets
/// <see cref="EventAccepted"/>.</summary>
/// <param name="UserId">The user.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectionId">The socket that it came from.</param>
/// <param name="DeviceSeq">The device's number of it.</param>
public sealed record SkipEvent(UserId UserId, DeviceId DeviceId, ConnectionId ConnectionId, long DeviceSeq) : IEntityMessage, ISyncUserMessage;

/// <summary>Something that is not kept goes to the user's other connected devices.</summary>
/// <param name="UserId">The user.</param>
/// <param name="From">The device that it does not go to.</param>
/// <param name="Frame">The encoded message; its reference goes with this message.</param>
public sealed record TellOtherDevices(UserId UserId, DeviceId From, MessageBuffer Frame) : IEntityMessage, ISyncUserMessage;

/// <summary>Which devices are connected? Answered with <see cref="OnlineDevices"/>.</summary>
/// <param name="UserId">The user.</param>
public sealed record ListOnlineDevices(UserId UserId) : IEntityMessage, ISyncUserMessage;

/// <summary>The user's events up to a sequence number are about to be deleted: what they say must be kept elsewhere first. Answered with
/// <see cref="DeletionPrepared"/>.</summary>
/// <param name="UserId">The user.</param>
/// <param name="UpTo">The sequence number in the journal.</param>
/// <param name="Forget">Whether every event up to it is deleted, so that their ids need not be known any longer.</param>
public sealed record PrepareDeletion(UserId UserId, long UpTo, bool Forget) : IEntityMessage, ISyncUserMessage;

/// <summary>The user is deleted: all its events go. Answered with <see cref="UserErased"/>.</summary>
/// <param name="UserId">The user.</param>
public sealed record EraseUser(UserId UserId) : IEntityMessage, ISyncUserMessage;

/// <summary>The device is among the user's connected ones.</summary>
/// <param name="ConnectionId">The socket that was let in with it.</param>
/// <param name="LastDeviceSeq">The highest number that the device has used.</param>
/// <param name="Position">The last event of the user, by the journal's number: what comes later is told as it comes.</param>
/// <param name="LastForeign">The last event that came from another device, by the journal's number; 0 where there is none.</param>
public sealed record DeviceAdmitted(ConnectionId ConnectionId, long LastDeviceSeq, long Position, long LastForeign);

/// <summary>The device is not let in.</summary>
/// <param name="ConnectionId">The socket that is not let in.</param>
/// <param name="Close">What its client is told.</param>
public sealed record DeviceRefused(ConnectionId ConnectionId, SyncClose Close);

/// <summary>An event is durable, or was known already, as are all that the device sent before it.</summary>
/// <param name="DeviceSeq">The device's number of it.</param>
/// <param name="Pause">How long no more should be read from the device, because its user is above budget; mostly zero.</param>
public readonly record struct EventAccepted(long DeviceSeq, TimeSpan Pause);

/// <summary>The user's connected devices.</summary>
/// <param name="Devices">The devices.</param>
public sealed record OnlineDevices(IReadOnlyList<SyncLiveDevice> Devices);

/// <summary>The events may be deleted.</summary>
/// <param name="Ready">Whether they may; not when their contents could not be kept.</param>
public sealed record DeletionPrepared(bool Ready);

/// <summary>The user's events are gone.</summary>
/// <param name="Events">How many there were; negative where they could not be deleted.</param>
public sealed record UserErased(long Events);

/// <summary>The stream could not take an event: the socket must come back and send again what was not acknowledged.</summary>
public sealed class EventRefused
{
    private EventRefused()
    {
    }

    /// <summary>The only instance.</summary>
    public static EventRefused Instance { get; } = new();
}
