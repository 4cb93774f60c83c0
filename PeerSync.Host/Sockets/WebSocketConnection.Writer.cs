using System.Buffers;
using System.IO.Pipelines;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <content>The writer: one work item at a time, elected by the queue, that batches what waits into as few flushes as possible.</content>
internal sealed partial class WebSocketConnection
{
    // A flush is due when this much lies in the pipe: about what a socket send takes at once.
    private const int FlushThreshold = 64 * 1024;

    // Beside the flags of ControlFrames: nothing may follow a close frame.
    private const int CloseIsOnTheWire = 1 << 16;

    private MessageBuffer? _partial;
    private int _partialOffset;
    private int _controlFrames;
    private byte[]? _pongPayload;
    private long _flushingSinceTick = long.MaxValue;
    private TaskCompletionSource? _closeWaiter;
    private volatile bool _writerDone;

    [Flags]
    private enum ControlFrames
    {
        None = 0,
        Ping = 1,
        Pong = 2,
        Close = 4,
    }

    /// <summary>Runs the writer. Called by the thread pool or the dispatcher turn only.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            Write();
        }
        catch (Exception exception)
        {
            OnWriteFailed(exception);
        }
    }

    private void RequestControlFrame(ControlFrames frame)
    {
        Interlocked.Or(ref _controlFrames, (int)frame);
        if (_outbound.RequestWriter() == OutboundQueue.AddResult.StartWriter)
        {
            DispatcherTurn.Schedule(this);
        }
    }

    private void Write()
    {
        while (true)
        {
            if (!Fill())
            {
                if (_outbound.TryGoIdle())
                {
                    TellDrained();
                    return;
                }

                continue;
            }

            var flush = _transport.Output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                // The client takes less than we send. Waiting costs an allocation, and only here.
                Volatile.Write(ref _flushingSinceTick, _server.Ticks);
                _ = ContinueAsync(flush);
                return;
            }

            if (!AfterFlush(flush.Result))
            {
                return;
            }
        }
    }

    private async Task ContinueAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            var result = await flush;
            Volatile.Write(ref _flushingSinceTick, long.MaxValue);
            if (AfterFlush(result))
            {
                Write();
            }
        }
        catch (Exception exception)
        {
            OnWriteFailed(exception);
        }
    }

    private bool AfterFlush(FlushResult result)
    {
        if ((_controlFrames & CloseIsOnTheWire) != 0)
        {
            CompleteWriter();
        }

        if (!result.IsCompleted && !result.IsCanceled)
        {
            return true;
        }

        // Nobody reads any more; the reader finds out by itself.
        OnWriterStopped();
        return false;
    }

    private void OnWriteFailed(Exception exception)
    {
        if (!IsDisconnect(exception))
        {
            SocketServer.Log.WriterFailed(_server.Logger, Id.Value, exception);
        }

        OnWriterStopped();
        Abort();
    }

    // The queue's writing flag stays set, so no other writer starts on a dead pipe.
    private void OnWriterStopped()
    {
        _outbound.Clear();
        CompleteWriter();
    }

    private void CompleteWriter()
    {
        _writerDone = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _closeWaiter)?.TrySetResult();
    }

    /// <summary>Moves what waits into the pipe, up to about one flush.</summary>
    /// <returns>Whether there is something to flush.</returns>
    private bool Fill()
    {
        var output = _transport.Output;
        var written = WriteControlFrames(output);
        var messages = 0;
        while (written < FlushThreshold && (_partial is not null || TryTakeMessage(output, ref written, ref messages)))
        {
            WritePartial(output, ref written);
        }

        if (written > 0)
        {
            _metrics.MessagesSent.Add(messages);
            _metrics.BytesSent.Add(written);
        }

        if (_partial is null && (Volatile.Read(ref _controlFrames) & (int)ControlFrames.Close) != 0 && _outbound.Count == 0)
        {
            written += WriteClose(output);
        }

        return written > 0;
    }

    private bool TryTakeMessage(PipeWriter output, ref int written, ref int messages)
    {
        var message = _outbound.TryTake();
        if (message is null)
        {
            return false;
        }

        messages++;
        var length = message.Length;
        var span = output.GetSpan(WebSocketFrameWriter.MaxHeaderLength);
        var header = WebSocketFrameWriter.WriteHeader(span, message.IsBinary ? WebSocketOpcode.Binary : WebSocketOpcode.Text, length);
        if (span.Length >= header + length)
        {
            message.Span.CopyTo(span[header..]);
            output.Advance(header + length);
            message.Release();
            written += header + length;
            return true;
        }

        output.Advance(header);
        written += header;
        _partial = message;
        _partialOffset = 0;
        return true;
    }

    private void WritePartial(PipeWriter output, ref int written)
    {
        if (_partial is not { } message)
        {
            return;
        }

        var slice = message.Span[_partialOffset..];
        if (slice.Length > FlushThreshold)
        {
            slice = slice[..FlushThreshold];
        }

        output.Write(slice);
        written += slice.Length;
        _partialOffset += slice.Length;
        if (_partialOffset == message.Length)
        {
            _partial = null;
            message.Release();
        }
    }

    private int WriteControlFrames(PipeWriter output)
    {
        // A control frame may stand between the frames of others, but not inside one (RFC 6455, section 5.4).
        if (_partial is not null || (Volatile.Read(ref _controlFrames) & (int)(ControlFrames.Ping | ControlFrames.Pong)) == 0)
        {
            return 0;
        }

        var due = Interlocked.And(ref _controlFrames, ~(int)(ControlFrames.Ping | ControlFrames.Pong));
        if ((due & CloseIsOnTheWire) != 0)
        {
            return 0;
        }

        var written = 0;
        if ((due & (int)ControlFrames.Pong) != 0 && Interlocked.Exchange(ref _pongPayload, null) is { } payload)
        {
            written += WriteControlFrame(output, WebSocketOpcode.Pong, payload);
        }

        if ((due & (int)ControlFrames.Ping) != 0)
        {
            written += WriteControlFrame(output, WebSocketOpcode.Ping, []);
        }

        return written;
    }

    private static int WriteControlFrame(PipeWriter output, WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var span = output.GetSpan(WebSocketFrameWriter.MaxHeaderLength + MaxControlPayload);
        var header = WebSocketFrameWriter.WriteHeader(span, opcode, payload.Length);
        payload.CopyTo(span[header..]);
        output.Advance(header + payload.Length);
        return header + payload.Length;
    }

    private int WriteClose(PipeWriter output)
    {
        if ((Interlocked.Or(ref _controlFrames, CloseIsOnTheWire) & CloseIsOnTheWire) != 0)
        {
            return 0;
        }

        Interlocked.And(ref _controlFrames, ~(int)ControlFrames.Close);
        var span = output.GetSpan(WebSocketFrameWriter.MaxCloseFrameLength);
        var length = WebSocketFrameWriter.WriteClose(span, _closeCode, _closeReason);
        output.Advance(length);
        return length;
    }

    /// <summary>Waits for the close frame to leave, where one was asked for. The close deadline cuts the wait.</summary>
    private async Task FinishWritingAsync()
    {
        if (_closeCode == WebSocketCloseCode.AbnormalClosure)
        {
            return;
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _closeWaiter, waiter);
        if (!_writerDone)
        {
            await waiter.Task;
        }
    }
}
