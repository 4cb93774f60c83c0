using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeerSync.Tests.Http;

/// <summary>Speaks HTTP byte by byte, for what no client library would send or show.</summary>
internal static class RawHttp
{
    /// <summary>Sends the parts one after the other on one connection and reads until the server closes it.</summary>
    public static async Task<string> ExchangeAsync(Uri server, params string[] parts)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, limit.Token);
        foreach (var part in parts)
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(part), limit.Token);
        }

        using var answer = new MemoryStream();
        await using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(answer, limit.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public static string Request(string method, string path, string headers = "", string body = "") =>
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n{body}";
}
