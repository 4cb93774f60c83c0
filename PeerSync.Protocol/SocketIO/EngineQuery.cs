namespace PeerSync.Protocol.SocketIO;

/// <summary>The query of an Engine.IO request.</summary>
/// <param name="Transport">The transport that <c>transport</c> names.</param>
/// <param name="IsVersion4">Whether <c>EIO</c> is 4.</param>
/// <param name="Session">The session that <c>sid</c> names, or null where it names none. What cannot be an id is the default value, which no session has.</param>
public readonly record struct EngineQuery(EngineTransport Transport, bool IsVersion4, EngineSessionId? Session)
{
    /// <summary>Reads a query. Members that are not known (<c>t</c>, <c>b64</c>, an application's own) are skipped.</summary>
    /// <param name="query">As it stands in the request's target, with or without its question mark.</param>
    /// <returns>The query. A member that stands twice has no value that a server could rely on, and counts as wrong.</returns>
    public static EngineQuery Parse(ReadOnlySpan<char> query)
    {
        var transport = new Member();
        var version = new Member();
        var session = new Member();
        if (query.StartsWith('?'))
        {
            query = query[1..];
        }

        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var mark = pair.IndexOf('=');
            var name = mark < 0 ? pair : pair[..mark];
            var value = mark < 0 ? [] : pair[(mark + 1)..];
            switch (name)
            {
                case "transport":
                    transport.Add(value);
                    break;
                case "EIO":
                    version.Add(value);
                    break;
                case "sid":
                    session.Add(value);
                    break;
            }
        }

        return new EngineQuery(
            transport.Value switch
            {
                "polling" => EngineTransport.Polling,
                "websocket" => EngineTransport.WebSocket,
                _ => EngineTransport.Unknown,
            },
            version.Value is "4",
            session.IsAbsent ? null : EngineSessionId.TryParse(session.Value, out var id) ? id : default(EngineSessionId));
    }

    private ref struct Member
    {
        private ReadOnlySpan<char> _value;
        private int _count;

        public readonly ReadOnlySpan<char> Value => _count == 1 ? _value : default;

        public readonly bool IsAbsent => _count == 0 || (_count == 1 && _value.IsEmpty);

        public void Add(ReadOnlySpan<char> value)
        {
            _value = value;
            _count++;
        }
    }
}
