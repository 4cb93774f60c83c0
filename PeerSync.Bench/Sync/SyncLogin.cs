using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>The handshake of a device. The client's ephemeral key is the same for all, so that what is measured is the server's side of it.</summary>
internal static class SyncLogin
{
    private static readonly string EphemeralKey = CreateEphemeralKey();
    private static readonly string Nonce = new('0', 64);

    /// <summary>Connects, upgrades and logs in: returns once the session is established. Runs on the loop's thread.</summary>
    public static async Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, SyncIdentity identity, Guid deviceId)
    {
        var connection = await LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, "/ws");
        try
        {
            var nonce = RandomNumberGenerator.GetHexString(64, lowercase: true);
            connection.Send(ClientFrame.Text(
                "{\"type\":\"client_hello\",\"payload\":{\"type\":\"client_hello\",\"client_ephemeral_pub\":\"" + EphemeralKey + "\",\"nonce_c\":\"" + nonce + "\"}}"));
            using var hello = JsonDocument.Parse(Expect(await connection.ReceiveTextAsync(), "server_hello"));
            var payload = hello.RootElement.GetProperty("payload");
            var signature = identity.Sign(
                identity.UserId + deviceId + nonce + payload.GetProperty("nonce_s").GetString() + payload.GetProperty("server_ephemeral_pub").GetString());
            connection.Send(ClientFrame.Text(
                "{\"type\":\"client_auth\",\"payload\":{\"type\":\"client_auth\",\"user_id\":\"" + identity.UserId + "\",\"device_id\":\"" + deviceId
                + "\",\"client_signature\":\"" + signature + "\",\"nonce_c2\":\"" + Nonce + "\",\"device_type\":\"desktop\"}}"));
            _ = Expect(await connection.ReceiveTextAsync(), "session_established");
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    private static byte[] Expect(byte[] text, string type)
    {
        return text.AsSpan().StartsWith(Encoding.UTF8.GetBytes("{\"type\":\"" + type + "\""))
            ? text
            : throw new InvalidDataException($"Instead of {type} came: {Encoding.UTF8.GetString(text)}");
    }

    private static string CreateEphemeralKey()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return "04" + Convert.ToHexStringLower(point.X!) + Convert.ToHexStringLower(point.Y!);
    }
}
