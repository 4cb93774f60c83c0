using System.Buffers;
using System.Text;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Actors.Calls;

/// <summary>Writes whole packets of the feature's namespace.</summary>
internal static class CallsPackets
{
    internal static MessageBuffer Acknowledgement(long ackId)
    {
        var packet = MessageBuffer.Rent();
        SocketIOWriter.Ack(packet, CallsConnectionActor.Namespace, ackId, default);
        return packet;
    }

    internal static MessageBuffer Connected(string deviceId, long now)
    {
        var packet = Begin(CallsEventNames.Connected);
        CallsWriter.Connected(packet, deviceId, now);
        return End(packet);
    }

    internal static MessageBuffer QueueJoined(int position, int poolSize, long now)
    {
        var packet = Begin(CallsEventNames.QueueJoined);
        CallsWriter.QueueJoined(packet, position, poolSize, now, isPremium: false);
        return End(packet);
    }

    internal static MessageBuffer QueueUpdate(in MatchProgress progress)
    {
        var packet = Begin(CallsEventNames.QueueUpdate);
        var next = progress.Next switch
        {
            MatchRelaxation.Urgent => "queue-type",
            MatchRelaxation.Rematch => "recent-partners",
            _ => null,
        };
        CallsWriter.QueueUpdate(packet, progress.Position, progress.Estimate, progress.PoolSize, next, progress.NextIn);
        return End(packet);
    }

    internal static MessageBuffer QueueLeft(long now)
    {
        var packet = Begin(CallsEventNames.QueueLeft);
        CallsWriter.QueueLeft(packet, now);
        return End(packet);
    }

    internal static MessageBuffer Matched(DeviceCall call)
    {
        var packet = Begin(CallsEventNames.Matched);
        CallsWriter.Matched(packet, call.SessionId, call.MatchedAt, call.Score, call.CommonInterests, call.PeerName);
        return End(packet);
    }

    internal static MessageBuffer Content(DeviceCall call, CallContent content)
    {
        var packet = Begin(content switch
        {
            { Message: not null } => CallsEventNames.Message,
            { Reaction: not null } => CallsEventNames.Reaction,
            _ => CallsEventNames.Signal(content.Kind),
        });
        if (content.Message is { } message)
        {
            CallsWriter.Message(packet, message, call.PeerName);
        }
        else if (content.Reaction is { } reaction)
        {
            CallsWriter.Reaction(packet, reaction, call.PeerName);
        }
        else
        {
            CallsWriter.Signal(packet, content.Kind, call.SessionId, content.Data!.Span, call.PeerName);
        }

        return End(packet);
    }

    internal static MessageBuffer PeerDisconnected(string sessionId) => Session(CallsEventNames.PeerDisconnected, sessionId);

    internal static MessageBuffer CallEnded(string sessionId) => Session(CallsEventNames.CallEnded, sessionId);

    internal static MessageBuffer MatchDetails(string sessionId, DeviceCall? call)
    {
        var packet = Begin(CallsEventNames.MatchDetails);
        CallsWriter.MatchDetails(packet, sessionId, call?.Score, call?.CommonInterests ?? []);
        return End(packet);
    }

    internal static MessageBuffer Error(CallsError error)
    {
        var packet = Begin(error.EventName);
        CallsWriter.Error(packet, error);
        return End(packet);
    }

    internal static MessageBuffer ModerationWarning()
    {
        var packet = Begin(CallsEventNames.ModerationWarning);
        CallsWriter.ModerationWarning(packet);
        return End(packet);
    }

    internal static MessageBuffer ModerationAction(CallsSanction sanction, string message)
    {
        var packet = Begin(CallsEventNames.ModerationAction);
        CallsWriter.ModerationAction(packet, sanction, message);
        return End(packet);
    }

    private static MessageBuffer Session(string name, string sessionId)
    {
        var packet = Begin(name);
        CallsWriter.Session(packet, sessionId);
        return End(packet);
    }

    private static MessageBuffer Begin(string name)
    {
        // The names are words of this feature's own: plain ASCII, nothing to escape.
        Span<byte> json = stackalloc byte[name.Length + 2];
        json[0] = json[^1] = (byte)'"';
        Encoding.ASCII.GetBytes(name, json[1..]);
        var packet = MessageBuffer.Rent();
        SocketIOWriter.BeginEvent(packet, CallsConnectionActor.Namespace, json);
        packet.Write(","u8);
        return packet;
    }

    private static MessageBuffer End(MessageBuffer packet)
    {
        SocketIOWriter.End(packet);
        return packet;
    }
}
