using System.Text;
using PeerSync.Kernel;

namespace PeerSync.Host.SocketIO;

/// <summary>The Socket.IO protocol on the sessions of an Engine.IO server, and the namespaces that are served on them.</summary>
internal sealed class SocketIOServer : IEngineApplication
{
    private readonly SocketIONamespace[] _namespaces;

    /// <param name="options">The limits.</param>
    /// <param name="system">Where the sockets' actors live.</param>
    /// <param name="namespaces">The namespaces by their names, each of which begins with a slash.</param>
    internal SocketIOServer(SocketIOOptions options, ActorSystem system, IReadOnlyDictionary<string, ISocketIOApplication> namespaces)
    {
        Options = options;
        System = system;
        _namespaces = [.. namespaces.Select(static entry => new SocketIONamespace(entry.Key, Encoding.UTF8.GetBytes(entry.Key), entry.Value))];
    }

    internal SocketIOOptions Options { get; }

    internal ActorSystem System { get; }

    /// <inheritdoc />
    public IEngineReceiver Open(EngineSession session) => new SocketIOSession(this, session);

    /// <summary>The namespace of a packet, or null where there is none of the name.</summary>
    internal SocketIONamespace? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            name = "/"u8;
        }

        foreach (var candidate in _namespaces)
        {
            if (name.SequenceEqual(candidate.Utf8))
            {
                return candidate;
            }
        }

        return null;
    }
}
