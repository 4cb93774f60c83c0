using System.Buffers;
using System.IO.Pipelines;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Sharing.Feed;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sharing.Resp;
using PeerSync.Storage;

namespace PeerSync.Host.Sharing.Resp;

/// <summary>One connection that speaks Redis's protocol, from its first byte to its last.</summary>
/// <remarks>
/// Its reader owns the state and answers in the order of the commands. Most it answers at once, all of a batch in one piece; where an answer must wait, for a token to
/// be verified or a subscription to begin or end, no further command is looked at before. An idle connection waits with a zero-byte receive.
/// </remarks>
internal sealed partial class RespSession
{
    private const int CommandBurst = 500;
    private const int MaxFailedLogins = 5;
    private const long MaxQueuedBytes = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ActorPatience = TimeSpan.FromSeconds(10);

    private readonly RespServer _server;
    private readonly FeedConnection _connection;
    private readonly PipeReader _input;

    private TokenBucket _budget;
    private bool _isAuthenticated;
    private FeedIdentity? _identity;
    private string? _token;
    private IActorRef? _listener;
    private int _failedLogins;
    private MessageBuffer? _answer;
    private Wait _wait;

    internal RespSession(RespServer server, FeedConnection connection, PipeReader input)
    {
        _server = server;
        _connection = connection;
        _input = input;
        _budget = new TokenBucket(CommandBurst, server.Services.Time.GetTimestamp());
        AwaitLogin();
    }

    /// <summary>What the next command waits for.</summary>
    private enum Wait
    {
        Nothing,

        /// <summary>More bytes.</summary>
        Bytes,

        /// <summary>Room in the budget of commands.</summary>
        Budget,

        /// <summary>Whether <see cref="_token"/> is valid.</summary>
        Token,

        /// <summary>The subscription to begin, with <see cref="_answer"/>.</summary>
        Subscription,

        /// <summary>The subscription to end, with <see cref="_answer"/>.</summary>
        Unsubscription,

        /// <summary>The connection to end.</summary>
        End,
    }

    /// <summary>Reads until the connection ends. Never throws.</summary>
    /// <returns>Whether the client is gone, so that nothing can be written any more.</returns>
    internal async Task<bool> RunAsync()
    {
        try
        {
            await ReadAsync();
            return false;
        }
        catch (Exception exception) when (FeedConnection.IsDisconnect(exception))
        {
            // The client is gone. That is how most connections end, and nobody needs to be told.
        }
        catch (Exception exception) when (exception is StorageUnavailableException or AskTimeoutException)
        {
            // Without an answer the client would take its password for wrong; cut, it comes back.
        }
        catch (Exception exception)
        {
            // Only a fault of ours comes here. It ends this connection and no other.
            FeedConnections.Log.ReaderFailed(_server.Connections.Logger, _connection.Id.Value, exception);
        }
        finally
        {
            _answer?.Release();
        }

        return true;
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            var result = await _input.ReadAsync();
            if (result.IsCanceled)
            {
                return;
            }

            var rest = Process(result.Buffer);
            _input.AdvanceTo(rest, _wait == Wait.Bytes ? result.Buffer.End : rest);
            switch (_wait)
            {
                case Wait.Budget:
                    Flush();
                    await Task.Delay(Pause, _server.Services.Time);
                    break;
                case Wait.Token:
                    Flush();
                    await LogInAsync();
                    break;
                case Wait.Subscription:
                    await SubscribeAsync();
                    break;
                case Wait.Unsubscription:
                    await UnsubscribeAsync();
                    break;
            }

            Flush();
            if (_wait == Wait.End || (result.IsCompleted && _wait == Wait.Bytes))
            {
                return;
            }

            if (_connection.QueuedBytes > MaxQueuedBytes)
            {
                await _connection.WhenDrainedAsync();
            }
        }
    }

    /// <summary>Answers commands until one must wait.</summary>
    /// <returns>Where the next one begins.</returns>
    private SequencePosition Process(ReadOnlySequence<byte> buffer)
    {
        _wait = Wait.Nothing;
        while (_wait == Wait.Nothing)
        {
            if (_connection.IsClosing)
            {
                _wait = Wait.End;
                break;
            }

            if (!_budget.TryTake(_server.Services.Time.GetTimestamp(), _server.TicksPerCommand, CommandBurst))
            {
                _wait = Wait.Budget;
                break;
            }

            switch (RespReader.Read(buffer, out var command, out var consumed, out var error))
            {
                case RespReadStatus.NeedMoreData:
                    _wait = Wait.Bytes;
                    break;
                case RespReadStatus.ProtocolError:
                    Error("ERR " + error);
                    _wait = Wait.End;
                    break;
                default:
                    buffer = buffer.Slice(consumed);
                    if (command.Count > 0)
                    {
                        Execute(command);
                    }

                    break;
            }
        }

        return buffer.Start;
    }

    private async Task LogInAsync()
    {
        var token = _token!;
        if (await _server.Services.Identities.VerifyAsync(token, CancellationToken.None) is not { } identity)
        {
            RefuseLogin();
            return;
        }

        LoggedIn(identity, token);
    }

    private void LoggedIn(FeedIdentity? identity, string? token)
    {
        _isAuthenticated = true;
        _identity = identity;
        _token = token;
        _connection.SetDeadline(null, null);
        Ok();
    }

    private void RefuseLogin()
    {
        _token = _identity is null ? null : _token;
        _server.Services.Counters.AuthenticationRefused();
        Error("WRONGPASS invalid username-password pair or user is disabled.");
        if (++_failedLogins >= MaxFailedLogins)
        {
            _wait = Wait.End;
        }
    }

    // The clock starts anew with a log-out; whoever then stays silent is cut by it.
    private void AwaitLogin()
    {
        _isAuthenticated = false;
        _identity = null;
        _token = null;
        _connection.SetDeadline(_server.HandshakeTimeout, Actors.Connections.AuthenticationTimedOut.Instance);
    }

    private async Task SubscribeAsync()
    {
        var listener = _server.System.ActorOf(Props.Create(() => new RespListenerActor(_connection, _server.Services, _identity, _token)));
        _connection.Attach(listener);
        _listener = listener;
        await listener.Ask<Done>(new BeginRespSubscription(TakeAnswer()), ActorPatience);
    }

    private async Task UnsubscribeAsync()
    {
        var listener = _listener!;
        await listener.Ask<Done>(new EndRespSubscription(TakeAnswer()), ActorPatience);
        _listener = null;
        _connection.Attach(null);
        if (_isAuthenticated)
        {
            _connection.SetDeadline(null, null);
        }
        else
        {
            AwaitLogin();
        }
    }

    private MessageBuffer TakeAnswer()
    {
        var answer = Answer();
        _answer = null;
        return answer;
    }

    private MessageBuffer Answer() => _answer ??= MessageBuffer.Rent();

    private void Flush()
    {
        if (_answer is { } answer)
        {
            _answer = null;
            _connection.Send(answer);
        }
    }
}
