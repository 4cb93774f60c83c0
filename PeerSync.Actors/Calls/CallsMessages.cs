using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Connections;

namespace PeerSync.Actors.Calls;

/// <summary>What a device's client asks for, through one of its sockets. Those of one socket are dealt with one after another.</summary>
public interface ICallsSocketMessage : ICallsDeviceMessage
{
    /// <summary>The socket.</summary>
    ConnectionId ConnectionId { get; }

    /// <summary>The id under which the client waits for an acknowledgement, or null.</summary>
    long? AckId { get; }
}

/// <summary>A socket has proven whose it is. Its actor is the sender, and gets <see cref="SocketAttached"/> or <see cref="SocketCut"/>.</summary>
/// <param name="DeviceId">Whose.</param>
/// <param name="ConnectionId">The socket.</param>
public sealed record AttachSocket(string DeviceId, ConnectionId ConnectionId) : ICallsDeviceMessage;

/// <summary>A socket is gone.</summary>
/// <param name="DeviceId">Whose.</param>
/// <param name="ConnectionId">The socket.</param>
/// <param name="IsLost">Whether its client may not know it and come back: then its call is kept for a while.</param>
public sealed record DetachSocket(string DeviceId, ConnectionId ConnectionId, bool IsLost) : ICallsDeviceMessage;

/// <summary>A client's <c>join-queue</c>.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
/// <param name="Join">What it asks for.</param>
public sealed record SeekPartner(string DeviceId, ConnectionId ConnectionId, long? AckId, JoinRequest Join) : ICallsSocketMessage;

/// <summary>A client's <c>leave-queue</c>.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
public sealed record StopSeeking(string DeviceId, ConnectionId ConnectionId, long? AckId) : ICallsSocketMessage;

/// <summary>A client's signal, message or reaction for its partner.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
/// <param name="SessionId">The call that it names.</param>
/// <param name="Content">What is to be passed on.</param>
public sealed record SendToPeer(string DeviceId, ConnectionId ConnectionId, long? AckId, string SessionId, CallContent Content) : ICallsSocketMessage;

/// <summary>A client's <c>end-call</c>.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
/// <param name="SessionId">The call that it names.</param>
/// <param name="WasSkipped">Whether it skips its partner.</param>
public sealed record HangUp(string DeviceId, ConnectionId ConnectionId, long? AckId, string SessionId, bool WasSkipped) : ICallsSocketMessage;

/// <summary>A client's <c>get-match-details</c>.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
/// <param name="SessionId">The call that it names.</param>
public sealed record DescribeMatch(string DeviceId, ConnectionId ConnectionId, long? AckId, string SessionId) : ICallsSocketMessage;

/// <summary>A client's <c>connection-status</c>.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
/// <param name="Status">What it tells.</param>
public sealed record TellConnection(string DeviceId, ConnectionId ConnectionId, long? AckId, ConnectionStatus Status) : ICallsSocketMessage;

/// <summary>An event of a client that is refused, in its turn behind those before it.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="ConnectionId">Its socket.</param>
/// <param name="AckId">See <see cref="ICallsSocketMessage.AckId"/>.</param>
/// <param name="Error">Why.</param>
public sealed record RefuseEvent(string DeviceId, ConnectionId ConnectionId, long? AckId, CallsError Error) : ICallsSocketMessage;

/// <summary>One of two devices has blocked the other; told to both.</summary>
/// <param name="DeviceId">One.</param>
/// <param name="OtherId">The other.</param>
public sealed record DeviceBlocked(string DeviceId, string OtherId) : ICallsDeviceMessage;

/// <summary>A device is banned: whatever it does ends.</summary>
/// <param name="DeviceId">Who.</param>
public sealed record DeviceBanned(string DeviceId) : ICallsDeviceMessage;

/// <summary>Both members have entered their call; what the other sends comes after this.</summary>
/// <param name="DeviceId">A member.</param>
/// <param name="SessionId">The call.</param>
public sealed record CallOpened(string DeviceId, string SessionId) : ICallsDeviceMessage;

/// <summary>The other member has not come: there is no call.</summary>
/// <param name="DeviceId">The member that has.</param>
/// <param name="SessionId">The call.</param>
public sealed record CallMissed(string DeviceId, string SessionId) : ICallsDeviceMessage;

/// <summary>Something of the partner.</summary>
/// <param name="DeviceId">The receiver.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Content">What the partner sent; a reference to its bytes is taken over.</param>
public sealed record PeerSaid(string DeviceId, string SessionId, CallContent Content) : ICallsDeviceMessage;

/// <summary>The partner has ended the call; comes once, and nothing of the call after it.</summary>
/// <param name="DeviceId">The member that is left.</param>
/// <param name="SessionId">The call.</param>
public sealed record PeerLeft(string DeviceId, string SessionId) : ICallsDeviceMessage;

/// <summary>A message for one call.</summary>
public interface ICallMessage : IEntityMessage
{
    /// <summary>The call.</summary>
    string SessionId { get; }
}

/// <summary>A matched device enters its call. Answered with <see cref="CallOpened"/> once the other has too, else with <see cref="CallMissed"/>.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="DeviceId">Who.</param>
/// <param name="PeerId">The other device.</param>
/// <param name="Region">Of the later joiner.</param>
/// <param name="Language">Of both.</param>
/// <param name="Waited">How long this device had waited.</param>
public sealed record EnterCall(string SessionId, string DeviceId, string PeerId, string Region, string Language, TimeSpan Waited) : ICallMessage;

/// <summary>A device is not in a call any more, or does not enter it.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="DeviceId">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record LeaveCall(string SessionId, string DeviceId, CallEnd Reason) : ICallMessage;

/// <summary>A member has something for the other.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="DeviceId">The sender.</param>
/// <param name="Content">What is passed on; a reference to its bytes is taken over.</param>
public sealed record SayInCall(string SessionId, string DeviceId, CallContent Content) : ICallMessage;

/// <summary>Asks for the last lines of a call's chat. Answered with <see cref="EvidenceFound"/>.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="DeviceId">Who asks.</param>
public sealed record FindEvidence(string SessionId, string DeviceId) : ICallMessage;

/// <summary>The last lines of a call's chat.</summary>
/// <param name="Evidence">Null where there is no such call, or the one who asks is not in it.</param>
public sealed record EvidenceFound(CallsEvidence? Evidence);

/// <summary>What a member passes on to the other: one of the three is there.</summary>
/// <param name="Kind">By which event it came.</param>
/// <param name="Data">A signal's JSON.</param>
/// <param name="Message">A chat message.</param>
/// <param name="Reaction">A reaction.</param>
public sealed record CallContent(CallsClientEvent Kind, MessageBuffer? Data = null, CallsMessage? Message = null, CallsReaction? Reaction = null);

/// <summary>Why a call has ended.</summary>
public enum CallEnd
{
    /// <summary>A member hung up.</summary>
    HungUp,

    /// <summary>A member skipped the other.</summary>
    Skipped,

    /// <summary>A member has no socket any more.</summary>
    Disconnected,
}

/// <summary>Tells a socket's actor that the socket is its device's newest: its client is to be told, and heard from now on.</summary>
public sealed class SocketAttached
{
    private SocketAttached()
    {
    }

    /// <summary>The one instance.</summary>
    public static SocketAttached Instance { get; } = new();
}

/// <summary>Tells a socket's actor to end it.</summary>
/// <param name="MayComeBack">Whether the fault is the server's, so that the client shall try again.</param>
public sealed record SocketCut(bool MayComeBack);
