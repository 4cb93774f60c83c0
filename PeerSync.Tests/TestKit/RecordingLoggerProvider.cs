using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PeerSync.Tests.TestKit;

/// <summary>Keeps what the server logs, so that a test can look at it and fails on errors that it did not expect.</summary>
internal sealed class RecordingLoggerProvider : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    internal IReadOnlyList<string> Errors => [.. _entries.Where(static entry => entry.Level >= LogLevel.Error).Select(static entry => entry.Text)];

    internal IReadOnlyList<string> All => [.. _entries.Select(static entry => $"{entry.Level}: {entry.Text}")];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordingLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._entries.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
    }
}
