using System.Text;

namespace PeerSync.Protocol.WebSockets;

public static partial class WebSocketHandshake
{
    /// <summary>The header fields that matter here, gathered one by one.</summary>
    private struct UpgradeFields
    {
        private bool _connection;
        private bool _upgrade;
        private bool _version;
        private bool _contentLength;

        public string? Key { get; private set; }

        public string? Host { get; private set; }

        public string? Origin { get; private set; }

        public string? Protocol { get; private set; }

        public string? ForwardedFor { get; private set; }

        public string? ForwardedProto { get; private set; }

        public string? UserAgent { get; private set; }

        public string? Authorization { get; private set; }

        public readonly bool IsComplete => _connection && _upgrade && _version && Key is not null && Host is not null;

        public bool TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (Is(name, "Host"u8))
            {
                var valid = Host is null && !value.IsEmpty && !value.ContainsAnyExcept(HostBytes);
                Host = Encoding.ASCII.GetString(value);
                return valid;
            }

            if (Is(name, "Sec-WebSocket-Key"u8))
            {
                var valid = Key is null && value.Length == KeyLength && !value[..KeySymbols].ContainsAnyExcept(KeyBytes) && value.EndsWith("=="u8);
                Key = Encoding.ASCII.GetString(value);
                return valid;
            }

            if (Is(name, "Sec-WebSocket-Version"u8))
            {
                var valid = !_version && value.SequenceEqual("13"u8);
                _version = true;
                return valid;
            }

            if (Is(name, "Connection"u8))
            {
                return TryReadList(value, "upgrade"u8, ref _connection, out _);
            }

            if (Is(name, "Upgrade"u8))
            {
                return TryReadList(value, "websocket"u8, ref _upgrade, out _);
            }

            if (Is(name, "Sec-WebSocket-Protocol"u8))
            {
                var unused = false;
                var valid = TryReadList(value, default, ref unused, out var first);
                Protocol ??= Encoding.ASCII.GetString(first);
                return valid;
            }

            if (Is(name, "Content-Length"u8))
            {
                var valid = !_contentLength && value.SequenceEqual("0"u8);
                _contentLength = true;
                return valid;
            }

            if (Is(name, "Transfer-Encoding"u8) || Is(name, "Expect"u8))
            {
                return false;
            }

            return TryAddOptional(name, value);
        }

        private bool TryAddOptional(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (Is(name, "Origin"u8))
            {
                var valid = Origin is null;
                Origin = Encoding.ASCII.GetString(value);
                return valid;
            }

            if (Is(name, "User-Agent"u8))
            {
                var valid = UserAgent is null;
                UserAgent = Encoding.ASCII.GetString(value);
                return valid;
            }

            if (Is(name, "Authorization"u8))
            {
                var valid = Authorization is null;
                Authorization = Encoding.ASCII.GetString(value);
                return valid;
            }

            if (Is(name, "X-Forwarded-For"u8))
            {
                ForwardedFor = Join(ForwardedFor, value);
            }
            else if (Is(name, "X-Forwarded-Proto"u8))
            {
                ForwardedProto = Join(ForwardedProto, value);
            }

            return true;
        }

        private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected) => Ascii.EqualsIgnoreCase(name, expected);

        private static string Join(string? before, ReadOnlySpan<byte> value)
        {
            var text = Encoding.ASCII.GetString(value);
            return before is null ? text : $"{before}, {text}";
        }

        // Reads "a, b, c"; every element must be a token.
        private static bool TryReadList(ReadOnlySpan<byte> value, ReadOnlySpan<byte> wanted, ref bool found, out ReadOnlySpan<byte> first)
        {
            first = default;
            foreach (var range in value.Split((byte)','))
            {
                var element = value[range].Trim((byte)' ');
                if (!IsToken(element))
                {
                    return false;
                }

                if (first.IsEmpty)
                {
                    first = element;
                }

                found |= Is(element, wanted);
            }

            return !first.IsEmpty;
        }
    }
}
