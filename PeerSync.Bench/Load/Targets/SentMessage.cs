using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>The content that is relayed, and the lanes that carry it.</summary>
internal static class SentMessage
{
    /// <summary>Printable ASCII that needs no escape in JSON, the same in every run.</summary>
    public static string CreateContent(int size)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        var random = new Random(1);
        return string.Create(size, random, static (span, source) => source.GetItems(Alphabet, span));
    }

    /// <summary>What a Peers client sends; the session id has the length of a real one when there is none.</summary>
    public static string PeersEnvelope(string sessionId, string content)
    {
        return "{\"event\":\"SEND_MESSAGE\",\"data\":{\"sessionId\":\"" + sessionId + "\",\"content\":\"" + content + "\",\"type\":\"text\"}}";
    }

    /// <summary>Sends the message once, checks that its content arrives, and learns from that how long it is on arrival.</summary>
    public static async Task<Lane> ProveLaneAsync(
        LoadConnection source, LoadConnection sink, string message, string content, bool mayBatch, int largestBurst = Lane.DefaultBurst)
    {
        var frame = ClientFrame.Text(message);
        source.Send(frame);
        while (true)
        {
            var received = await sink.ReceiveTextAsync();
            if (received.AsSpan().IndexOf(Encoding.UTF8.GetBytes(content)) >= 0)
            {
                return Attach(new Lane(source, sink, frame, received.Length, mayBatch, largestBurst));
            }

            if (!sink.IsExpectedAside(received))
            {
                throw new InvalidDataException("Instead of the message came: " + Encoding.UTF8.GetString(received));
            }
        }
    }

    /// <summary>The member of that name in a JSON object, as text.</summary>
    public static string Text(JsonElement element, string name)
    {
        return element.GetProperty(name).GetString() ?? throw new InvalidDataException($"{name} is null.");
    }

    private static Lane Attach(Lane lane)
    {
        lane.Source.Outbound = lane;
        lane.Sink.Inbound = lane;
        return lane;
    }
}
