using System.Buffers;
using System.Buffers.Text;
using System.Text;
using PeerSync.Protocol.Sharing;
using PeerSync.Protocol.Sharing.Resp;

namespace PeerSync.Host.Sharing.Resp;

/// <content>The commands, in Redis's own words where clients read them (Sharing contract, section 6.1).</content>
internal sealed partial class RespSession
{
    private const int MaxTokenLength = 8 * 1024;
    private const int MaxShownNameLength = 32;
    private const int Databases = 16;

    private bool IsSubscribed => _listener is not null;

    private void Execute(in RespCommand command)
    {
        if (command.Is(0, "HELLO"u8))
        {
            Hello(command);
        }
        else if (command.Is(0, "QUIT"u8))
        {
            Ok();
            _wait = Wait.End;
        }
        else if (command.Is(0, "RESET"u8))
        {
            Reset();
        }
        else if (command.Is(0, "AUTH"u8) && !IsSubscribed)
        {
            Authenticate(command);
        }
        else if (!_isAuthenticated)
        {
            Error("NOAUTH Authentication required.");
        }
        else if (command.Is(0, "SUBSCRIBE"u8))
        {
            Subscribe(command);
        }
        else if (command.Is(0, "UNSUBSCRIBE"u8))
        {
            Unsubscribe(command);
        }
        else if (command.Is(0, "PING"u8))
        {
            Ping(command);
        }
        else if (IsSubscribed)
        {
            Error($"ERR Can't execute '{NameOf(command)}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        }
        else
        {
            ExecuteOther(command);
        }
    }

    private void ExecuteOther(in RespCommand command)
    {
        if (command.Is(0, "CLIENT"u8))
        {
            Client(command);
        }
        else if (command.Is(0, "SELECT"u8))
        {
            Select(command);
        }
        else if (command.Is(0, "INFO"u8))
        {
            RespWriter.Bulk(Answer(), "# Server\r\nserver_name:peersync\r\nredis_mode:standalone\r\n# Persistence\r\nloading:0\r\n"u8);
        }
        else
        {
            Error($"ERR unknown command '{NameOf(command)}'");
        }
    }

    private void Hello(in RespCommand command)
    {
        if (command.Count == 1)
        {
            if (_isAuthenticated)
            {
                Greet();
            }
            else
            {
                Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used "
                    + "to authenticate the client and select the RESP protocol version at the same time");
            }

            return;
        }

        if (!TryGetInteger(command, 1, out var version))
        {
            Error("ERR Protocol version is not an integer or out of range");
        }
        else if (version != 2)
        {
            Error("NOPROTO unsupported protocol version");
        }
        else if (IsSubscribed)
        {
            Error("ERR Can't execute 'hello': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        }
        else
        {
            Greet(command);
        }
    }

    private void Greet(in RespCommand command)
    {
        var password = -1;
        for (var i = 2; i < command.Count;)
        {
            if (command.Is(i, "AUTH"u8) && i + 2 < command.Count)
            {
                password = i + 2;
                i += 3;
            }
            else if (command.Is(i, "SETNAME"u8) && i + 1 < command.Count)
            {
                i += 2;
            }
            else
            {
                Error("ERR Syntax error in HELLO option");
                return;
            }
        }

        if (password >= 0)
        {
            // A token would have to be waited for in the middle of an answer; nobody sends one here.
            if (!_server.Credentials.IsShared(command[password]))
            {
                RefuseLogin();
                return;
            }

            _isAuthenticated = true;
            _identity = null;
            _token = null;
            _connection.SetDeadline(null, null);
        }

        if (_isAuthenticated)
        {
            Greet();
        }
        else
        {
            Error("NOAUTH Authentication required.");
        }
    }

    private void Greet()
    {
        var answer = Answer();
        RespWriter.Array(answer, 14);
        RespWriter.Bulk(answer, "server"u8);
        RespWriter.Bulk(answer, "peersync"u8);
        RespWriter.Bulk(answer, "version"u8);
        RespWriter.Bulk(answer, ServerVersion.Text);
        RespWriter.Bulk(answer, "proto"u8);
        RespWriter.Number(answer, 2);
        RespWriter.Bulk(answer, "id"u8);
        RespWriter.Number(answer, _connection.Number);
        RespWriter.Bulk(answer, "mode"u8);
        RespWriter.Bulk(answer, "standalone"u8);
        RespWriter.Bulk(answer, "role"u8);
        RespWriter.Bulk(answer, "master"u8);
        RespWriter.Bulk(answer, "modules"u8);
        RespWriter.Array(answer, 0);
    }

    private void Authenticate(in RespCommand command)
    {
        if (command.Count is not (2 or 3))
        {
            Error(command.Count == 1 ? "ERR wrong number of arguments for 'auth' command" : "ERR syntax error");
            return;
        }

        var index = command.Count - 1;
        var password = command[index];
        if (_server.Credentials.IsShared(password))
        {
            LoggedIn(null, null);
        }
        else if (password.Length <= MaxTokenLength && password.PositionOf((byte)'.') is not null)
        {
            _token = command.GetText(index);
            _wait = Wait.Token;
        }
        else
        {
            RefuseLogin();
        }
    }

    private void Subscribe(in RespCommand command)
    {
        if (command.Count == 1)
        {
            Error("ERR wrong number of arguments for 'subscribe' command");
            return;
        }

        for (var i = 1; i < command.Count; i++)
        {
            if (!command.Equals(i, SharingFeedWriter.Channel))
            {
                Error("NOPERM No permissions to access a channel");
                return;
            }
        }

        for (var i = 1; i < command.Count; i++)
        {
            RespWriter.Subscription(Answer(), "subscribe"u8, command[i], 1);
        }

        if (!IsSubscribed)
        {
            _wait = Wait.Subscription;
        }
    }

    private void Unsubscribe(in RespCommand command)
    {
        if (command.Count == 1)
        {
            if (IsSubscribed)
            {
                RespWriter.Subscription(Answer(), "unsubscribe"u8, new ReadOnlySequence<byte>(_server.Channel), 0);
                _wait = Wait.Unsubscription;
            }
            else
            {
                var answer = Answer();
                RespWriter.Array(answer, 3);
                RespWriter.Bulk(answer, "unsubscribe"u8);
                RespWriter.Null(answer);
                RespWriter.Number(answer, 0);
            }

            return;
        }

        var left = IsSubscribed ? 1 : 0;
        for (var i = 1; i < command.Count; i++)
        {
            if (left == 1 && command.Equals(i, SharingFeedWriter.Channel))
            {
                left = 0;
                _wait = Wait.Unsubscription;
            }

            RespWriter.Subscription(Answer(), "unsubscribe"u8, command[i], left);
        }
    }

    private void Ping(in RespCommand command)
    {
        if (command.Count > 2)
        {
            Error("ERR wrong number of arguments for 'ping' command");
        }
        else if (IsSubscribed)
        {
            var answer = Answer();
            RespWriter.Array(answer, 2);
            RespWriter.Bulk(answer, "pong"u8);
            if (command.Count == 2)
            {
                RespWriter.Bulk(answer, command[1]);
            }
            else
            {
                RespWriter.Bulk(answer, ReadOnlySpan<byte>.Empty);
            }
        }
        else if (command.Count == 2)
        {
            RespWriter.Bulk(Answer(), command[1]);
        }
        else
        {
            RespWriter.SimpleString(Answer(), "PONG"u8);
        }
    }

    private void Client(in RespCommand command)
    {
        if (command.Count == 4 && command.Is(1, "SETINFO"u8) && (command.Is(2, "LIB-NAME"u8) || command.Is(2, "LIB-VER"u8)))
        {
            Ok();
        }
        else if (command.Count == 3 && command.Is(1, "SETNAME"u8))
        {
            Ok();
        }
        else if (command.Count == 2 && command.Is(1, "ID"u8))
        {
            RespWriter.Number(Answer(), _connection.Number);
        }
        else if (command.Count == 2 && command.Is(1, "GETNAME"u8))
        {
            RespWriter.Null(Answer());
        }
        else
        {
            Error(command.Count == 1 ? "ERR wrong number of arguments for 'client' command" : "ERR unknown subcommand or wrong number of arguments for 'client'");
        }
    }

    private void Select(in RespCommand command)
    {
        if (command.Count != 2)
        {
            Error("ERR wrong number of arguments for 'select' command");
        }
        else if (!TryGetInteger(command, 1, out var database))
        {
            Error("ERR value is not an integer or out of range");
        }
        else if (database is < 0 or >= Databases)
        {
            Error("ERR DB index is out of range");
        }
        else
        {
            Ok();
        }
    }

    private void Reset()
    {
        RespWriter.SimpleString(Answer(), "RESET"u8);
        AwaitLogin();
        if (IsSubscribed)
        {
            _wait = Wait.Unsubscription;
        }
    }

    private static bool TryGetInteger(in RespCommand command, int index, out int value)
    {
        value = 0;
        var length = command.Length(index);
        if (length is 0 or > 11)
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[11];
        command[index].CopyTo(digits);
        return Utf8Parser.TryParse(digits[..length], out value, out var read) && read == length;
    }

    private static string NameOf(in RespCommand command)
    {
        var name = command[0];
        var shown = Encoding.ASCII.GetString(name.Slice(0, Math.Min(name.Length, MaxShownNameLength)));
        return shown.ToLowerInvariant();
    }

    private void Ok() => RespWriter.SimpleString(Answer(), "OK"u8);

    private void Error(string text) => RespWriter.Error(Answer(), text);
}
