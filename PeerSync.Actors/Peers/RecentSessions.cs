using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Peers;

/// <summary>The sessions that a connection has written to lately, so that their ids need not be decoded again for every message.</summary>
/// <remarks>Not thread-safe; owned by one connection's actor.</remarks>
internal sealed class RecentSessions
{
    private const int Capacity = 4;

    private (byte[] Utf8, SessionId Id)[] _entries = [];
    private int _next;

    /// <summary>The id that a message names.</summary>
    internal SessionId Resolve(SendMessageView view)
    {
        var utf8 = view.SessionIdUtf8;
        foreach (var (known, id) in _entries)
        {
            if (utf8.SequenceEqual(known))
            {
                return id;
            }
        }

        var sessionId = new SessionId(view.GetSessionId());
        if (!utf8.IsEmpty)
        {
            Remember(utf8.ToArray(), sessionId);
        }

        return sessionId;
    }

    private void Remember(byte[] utf8, SessionId id)
    {
        if (_entries.Length < Capacity)
        {
            _entries = [.. _entries, (utf8, id)];
            return;
        }

        _entries[_next] = (utf8, id);
        _next = (_next + 1) % Capacity;
    }
}
