using System.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Protocol.Peers;

/// <summary>Writes what the server sends to the clients of the Peers feature (docs/spec/peers.md, section 5).</summary>
/// <remarks>
/// Each method writes the payload of one text message: one JSON object of <c>event</c> and <c>data</c>. Members stand in the order that the
/// specification gives. Nothing is allocated beyond what the output needs to grow. Safe on any thread, as far as the output is.
/// </remarks>
public static partial class PeersWriter
{
    /// <summary>Writes AUTH_SUCCESS.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="userId">Who the client is.</param>
    /// <param name="displayName">The name of the token.</param>
    /// <param name="email">The e-mail address of the token; empty when it has none.</param>
    public static void AuthSuccess(IBufferWriter<byte> output, UserId userId, string displayName, string email)
    {
        output.Write("""{"event":"AUTH_SUCCESS","data":{"userId":"""u8);
        output.WriteString(userId.ToString());
        output.Write(",\"displayName\":"u8);
        output.WriteString(displayName);
        output.Write(",\"email\":"u8);
        output.WriteString(email);
        output.Write("}}"u8);
    }

    /// <summary>Writes AUTH_FAILED. Clients stop for good after it, so it never stands for a passing condition.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="error">Why the token was refused.</param>
    public static void AuthFailed(IBufferWriter<byte> output, PeersError error)
    {
        output.Write("""{"event":"AUTH_FAILED","data":"""u8);
        WriteError(output, error);
    }

    /// <summary>Writes ERROR.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="error">What went wrong.</param>
    public static void Error(IBufferWriter<byte> output, PeersError error)
    {
        output.Write("""{"event":"ERROR","data":"""u8);
        WriteError(output, error);
    }

    /// <summary>Writes PONG.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="epochMilliseconds">The server's time in milliseconds since 1970.</param>
    public static void Pong(IBufferWriter<byte> output, long epochMilliseconds)
    {
        output.Write("""{"event":"PONG","data":{"timestamp":"""u8);
        output.WriteInteger(epochMilliseconds);
        output.Write("}}"u8);
    }

    /// <summary>Writes PEER_REGISTERED.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="id">Who the client is.</param>
    /// <param name="profile">The profile as the server keeps it.</param>
    /// <param name="status">The status.</param>
    public static void PeerRegistered(IBufferWriter<byte> output, UserId id, PeerProfile profile, PeerStatus status)
    {
        output.Write("""{"event":"PEER_REGISTERED","data":"""u8);
        WritePeer(output, id, profile);
        WriteStatus(output, status);
        output.Write("}}"u8);
    }

    /// <summary>Writes the PEER_STATUS_UPDATE of a peer that is registered.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="id">Who it is.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="status">Its status.</param>
    /// <param name="mode">How it stands to the one who is told.</param>
    public static void StatusOnline(IBufferWriter<byte> output, UserId id, PeerProfile profile, PeerStatus status, ConnectionMode mode)
    {
        output.Write("""{"event":"PEER_STATUS_UPDATE","data":"""u8);
        WritePeer(output, new PeerListEntry(id, profile, status, mode));
        output.Write("}"u8);
    }

    /// <summary>Writes the PEER_STATUS_UPDATE of a peer that has gone; it has no profile.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="id">Who has gone.</param>
    public static void StatusOffline(IBufferWriter<byte> output, UserId id)
    {
        output.Write("""{"event":"PEER_STATUS_UPDATE","data":{"id":"""u8);
        output.WriteString(id.ToString());
        output.Write(""","status":"offline","connectionMode":"REMOTE"}}"""u8);
    }

    /// <summary>Writes PEERS_LIST.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="peers">The peers in the order of their registration, without the one who asked.</param>
    public static void PeersList(IBufferWriter<byte> output, ReadOnlySpan<PeerListEntry> peers)
    {
        output.Write("""{"event":"PEERS_LIST","data":{"peers":["""u8);
        for (var i = 0; i < peers.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WritePeer(output, peers[i]);
        }

        output.Write("]}}"u8);
    }

    /// <summary>Writes STATUS_SET, the answer to SET_STATUS.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="status">The status that holds from here on.</param>
    public static void StatusSet(IBufferWriter<byte> output, PeerStatus status)
    {
        output.Write("""{"event":"STATUS_SET","data":{"status":"""u8);
        output.Write(Wire(status));
        output.Write("}}"u8);
    }

    /// <summary>Writes CONNECTION_REQUEST_RECEIVED, to the target.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="from">Who asks.</param>
    /// <param name="profile">The profile of the one who asks.</param>
    public static void ConnectionRequestReceived(IBufferWriter<byte> output, RequestId requestId, UserId from, PeerProfile profile)
    {
        output.Write("""{"event":"CONNECTION_REQUEST_RECEIVED","data":{"requestId":"""u8);
        output.WriteString(requestId.ToString());
        output.Write(",\"from\":"u8);
        WritePeer(output, from, profile);
        output.Write("}}}"u8);
    }

    /// <summary>Writes CONNECTION_REQUEST_CANCELLED, to the target of a request that is not open any more.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="reason">One of <see cref="PeersReason"/>.</param>
    public static void ConnectionRequestCancelled(IBufferWriter<byte> output, RequestId requestId, string reason)
    {
        output.Write("""{"event":"CONNECTION_REQUEST_CANCELLED","data":{"requestId":"""u8);
        output.WriteString(requestId.ToString());
        WriteReason(output, reason);
        output.Write("}}"u8);
    }

    /// <summary>Writes CONNECTION_ACCEPTED, to the one who asked.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="sessionId">The session it led to.</param>
    /// <param name="peer">Who accepted.</param>
    /// <param name="profile">The profile of the one who accepted.</param>
    public static void ConnectionAccepted(IBufferWriter<byte> output, RequestId requestId, SessionId sessionId, UserId peer, PeerProfile profile)
    {
        output.Write("""{"event":"CONNECTION_ACCEPTED","data":{"requestId":"""u8);
        output.WriteString(requestId.ToString());
        output.Write(",\"sessionId\":"u8);
        WriteSessionPeer(output, sessionId, peer, profile);
    }

    /// <summary>Writes CONNECTION_REJECTED, to the one who asked.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="targetId">Whom it was meant for.</param>
    /// <param name="reason">One of <see cref="PeersReason"/>, or null when the target rejected it.</param>
    public static void ConnectionRejected(IBufferWriter<byte> output, RequestId requestId, UserId targetId, string? reason = null)
    {
        output.Write("""{"event":"CONNECTION_REJECTED","data":{"requestId":"""u8);
        output.WriteString(requestId.ToString());
        output.Write(",\"targetId\":"u8);
        output.WriteString(targetId.ToString());
        if (reason is not null)
        {
            WriteReason(output, reason);
        }

        output.Write("}}"u8);
    }

    /// <summary>Writes SESSION_CREATED, to the one who accepted.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="peer">Who had asked.</param>
    /// <param name="profile">The profile of the one who had asked.</param>
    public static void SessionCreated(IBufferWriter<byte> output, SessionId sessionId, UserId peer, PeerProfile profile)
    {
        output.Write("""{"event":"SESSION_CREATED","data":{"sessionId":"""u8);
        WriteSessionPeer(output, sessionId, peer, profile);
    }

    /// <summary>Writes SESSION_ENDED.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">One of <see cref="PeersReason"/>.</param>
    /// <param name="peerId">The member who ended it or stayed away.</param>
    public static void SessionEnded(IBufferWriter<byte> output, SessionId sessionId, string reason, UserId peerId)
    {
        output.Write("""{"event":"SESSION_ENDED","data":{"sessionId":"""u8);
        output.WriteString(sessionId.ToString());
        WriteReason(output, reason);
        output.Write(",\"peerId\":"u8);
        output.WriteString(peerId.ToString());
        output.Write("}}"u8);
    }

    // A whole entry of a list, its closing brace included.
    private static void WritePeer(IBufferWriter<byte> output, in PeerListEntry peer)
    {
        WritePeer(output, peer.Id, peer.Profile);
        WriteStatus(output, peer.Status);
        output.Write(",\"connectionMode\":"u8);
        output.Write(peer.Mode == ConnectionMode.Lan ? "\"LAN\"}"u8 : "\"REMOTE\"}"u8);
    }

    // An object that the caller goes on with or closes.
    private static void WritePeer(IBufferWriter<byte> output, UserId id, PeerProfile profile)
    {
        output.Write("{\"id\":"u8);
        output.WriteString(id.ToString());
        output.Write(",\"profile\":{\"displayName\":"u8);
        output.WriteString(profile.DisplayName);
        output.Write(",\"role\":"u8);
        output.WriteString(profile.Role);
        output.Write(",\"ide\":"u8);
        output.WriteString(profile.Ide);
        if (profile.PublicKey is not null)
        {
            output.Write(",\"publicKey\":"u8);
            output.WriteString(profile.PublicKey);
        }

        output.Write("}"u8);
    }

    private static void WriteSessionPeer(IBufferWriter<byte> output, SessionId sessionId, UserId peer, PeerProfile profile)
    {
        output.WriteString(sessionId.ToString());
        output.Write(",\"peer\":"u8);
        WritePeer(output, peer, profile);
        output.Write("}}}"u8);
    }

    private static void WriteStatus(IBufferWriter<byte> output, PeerStatus status)
    {
        output.Write(",\"status\":"u8);
        output.Write(Wire(status));
    }

    private static void WriteReason(IBufferWriter<byte> output, string reason)
    {
        output.Write(",\"reason\":"u8);
        output.WriteString(reason);
    }

    private static void WriteError(IBufferWriter<byte> output, PeersError error)
    {
        output.Write("{\"code\":"u8);
        output.WriteString(error.Code);
        output.Write(",\"message\":"u8);
        output.WriteString(error.Message);
        output.Write("}}"u8);
    }

    private static ReadOnlySpan<byte> Wire(PeerStatus status) => status switch
    {
        PeerStatus.Away => "\"away\""u8,
        PeerStatus.Busy => "\"busy\""u8,
        _ => "\"online\""u8,
    };
}
