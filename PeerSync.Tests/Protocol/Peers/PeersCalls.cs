using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Peers;

namespace PeerSync.Tests.Protocol.Peers;

/// <summary>Calls shared by the tests of the Peers codec.</summary>
internal static class PeersCalls
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 13, 4, 5, 67, TimeSpan.FromHours(1));

    /// <summary>Reads a message and, whatever its event, its data with every reader; what is relayed must be valid JSON again.</summary>
    public static void ReadEverything(ReadOnlySpan<byte> json)
    {
        if (PeersReader.Read(json, out var envelope) != PeersEnvelopeStatus.Ok)
        {
            return;
        }

        Assert.True(envelope.UnknownName.Length <= PeersReader.MaxUnknownNameLength);
        PeersReader.ReadAuth(envelope, out var token);
        Assert.NotNull(token);
        var profile = PeersReader.ReadPeerRegister(envelope, "Default", 10);
        Assert.InRange(profile.DisplayName.Length, 1, 10);
        PeersReader.ReadDiscoverPeers(envelope);
        PeersReader.ReadConnectionRequest(envelope, out _);
        PeersReader.ReadConnectionResponse(envelope, out _, out _);
        PeersReader.ReadConnectionCancel(envelope, out _);
        PeersReader.ReadSessionEnd(envelope, out var sessionId);
        PeersReader.TryReadSetStatus(envelope, out _);
        var message = PeersReader.ReadSendMessage(envelope);
        Assert.Equal(sessionId.Value, message.GetSessionId());
        if (message.Status == PeersFieldStatus.Text)
        {
            using var relayed = JsonDocument.Parse(Relay(message), new JsonDocumentOptions { MaxDepth = int.MaxValue });
            Assert.Equal(JsonValueKind.Object, relayed.RootElement.GetProperty("data").ValueKind);
        }
    }

    /// <summary>The MESSAGE_RECEIVED of a message from user <c>me</c> at <see cref="Noon"/>, with the session id as the sender wrote it.</summary>
    public static string Relay(in SendMessageView message)
    {
        var buffer = MessageBuffer.Rent();
        PeersWriter.MessageReceived(buffer, message, message.SessionIdJson, "\"me\""u8, Noon);
        var text = Encoding.UTF8.GetString(buffer.Span);
        buffer.Release();
        return text;
    }
}
