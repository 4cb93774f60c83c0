using System.Globalization;
using System.Text;

namespace PeerSync.Bench.Rooms;

/// <summary>What the members of rooms send each other: JSON of the sizes that browsers make.</summary>
internal static class RoomContent
{
    private const string OfferStart = "{\"type\":\"offer\",\"sdp\":\"";

    /// <summary>A session description of a data channel with its candidates, about 2 KB.</summary>
    public static string Description { get; } = CreateDescription();

    /// <summary>One candidate; its frame has about 300 bytes.</summary>
    public static string Candidate { get; } = "{\"candidate\":" + BareCandidate + "}";

    /// <summary>The same candidate as the browser's own JSON of it.</summary>
    public static string BareCandidate =>
        "{\"candidate\":\"" + CandidateLine(1) + "\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"usernameFragment\":\"EsAw\"}";

    /// <summary>What one says to a room: 100 characters.</summary>
    public static string Chat { get; } = "{\"text\":\"" + new string('x', 100) + "\"}";

    /// <summary>How the signal that carries it is called.</summary>
    public static string SignalType(string content) => content.StartsWith(OfferStart, StringComparison.Ordinal) ? "offer" : "ice";

    private static string CreateDescription()
    {
        const string NewLine = "\\r\\n";
        const int Size = 1900;
        var text = new StringBuilder(OfferStart);
        _ = text.AppendJoin(
            NewLine,
            "v=0",
            "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "a=extmap-allow-mixed",
            "a=msid-semantic: WMS",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            "a=ice-ufrag:EsAw",
            "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
            "a=ice-options:trickle",
            "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F",
            "a=setup:actpass",
            "a=mid:0",
            "a=sctp-port:5000",
            "a=max-message-size:262144");
        for (var number = 1; text.Length < Size; number++)
        {
            _ = text.Append(NewLine).Append("a=").Append(CandidateLine(number));
        }

        return text.Append(NewLine).Append("\"}").ToString();
    }

    private static string CandidateLine(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"candidate:42347616{number:D2} 1 udp 16777298{number:D2} 198.51.100.{number} 6{number:D4} typ relay raddr 203.0.113.{number} rport 5{number:D4} generation 0 ufrag EsAw network-cost 999");
}
