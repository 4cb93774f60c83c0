using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Identity;

namespace PeerSync.Bench.Calls;

/// <summary>A server whose clients are devices that look for a partner over Socket.IO. A credential is a device's id and its token.</summary>
/// <param name="secret">What the tokens are signed with.</param>
internal abstract class CallsTarget(string secret) : ISocketTarget
{
    /// <summary>The variable of the environment that a server has the secret from.</summary>
    protected const string SecretVariable = "JWT_SECRET";

    private const string Namespace = "/signaling,";
    private const char Border = ' ';

    private static readonly byte[] Matched = Encoding.UTF8.GetBytes(EventStart("matched"));
    private static readonly byte[] Queue = Encoding.UTF8.GetBytes("42" + Namespace + "[\"queue-");

    // Outlives the longest run.
    private readonly CallsTokens _tokens = new(SigningKey.Hs256(Encoding.UTF8.GetBytes(secret)), TimeSpan.FromDays(1), TimeProvider.System);

    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>What the tokens are signed with.</summary>
    protected string Secret { get; } = secret;

    public abstract Task<string?> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ServerProcess> StartAsync(CancellationToken cancellationToken);

    public string CreateCredential(int user)
    {
        var device = BenchToken.UserId(user);
        return device + Border + _tokens.Issue(device);
    }

    public async Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential)
    {
        var border = credential.IndexOf(Border);
        var connection = await SocketIoConnection.OpenAsync(loop, server, Namespace, "{\"token\":\"Bearer " + credential[(border + 1)..] + "\"}");
        try
        {
            connection.PeerId = credential[..border];
            connection.IsExpectedAside = static text => text.AsSpan().StartsWith(Queue);
            await SocketIoConnection.ExpectAsync(connection, EventStart("connected"));
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>Both join the queue for a region that nobody else asks for, and are matched.</summary>
    public async Task<(Lane Forth, Lane Back)> PairAsync(LoadConnection first, LoadConnection second, string content)
    {
        var join = Event("join-queue", "{\"region\":\"" + first.PeerId + "\",\"language\":\"en\"}");
        first.Send(ClientFrame.Text(join));
        second.Send(ClientFrame.Text(join));
        var session = await ReceiveSessionAsync(first);
        if (session != await ReceiveSessionAsync(second))
        {
            throw new InvalidDataException("The two devices were told different sessions.");
        }

        var message = Event("send-candidate", "{\"sessionId\":\"" + session + "\",\"type\":\"candidate\",\"data\":" + content + "}");
        return (
            await SentMessage.ProveLaneAsync(first, second, message, content, mayBatch: false),
            await SentMessage.ProveLaneAsync(second, first, message, content, mayBatch: false));
    }

    private static string EventStart(string name) => "42" + Namespace + "[\"" + name + "\",";

    private static string Event(string name, string argument) => EventStart(name) + argument + "]";

    /// <summary>The session of the match; what is said of the queue is passed over, anything else is a fault.</summary>
    private static async Task<string> ReceiveSessionAsync(LoadConnection connection)
    {
        while (true)
        {
            var text = await connection.ReceiveTextAsync();
            if (text.AsSpan().StartsWith(Matched))
            {
                using var match = JsonDocument.Parse(text.AsMemory(Matched.Length, text.Length - Matched.Length - 1));
                return SentMessage.Text(match.RootElement, "sessionId");
            }

            if (!connection.IsExpectedAside(text))
            {
                throw new InvalidDataException($"Instead of a match came: {Encoding.UTF8.GetString(text)}");
            }
        }
    }
}
