using PeerSync.Actors.Sessions;
using PeerSync.Host.Metrics;
using PeerSync.Kernel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PeerSync.Host.Serving;

/// <summary>Listens to what the kernel publishes: logs faults, counts dead letters, and completes relayed messages that nobody received any more.</summary>
internal sealed partial class KernelEventsActor(ILogger<KernelEventsActor> logger, PeerSyncMetrics metrics) : UntypedActor
{
    /// <inheritdoc />
    protected override void PreStart()
    {
        foreach (var channel in new[] { typeof(Error), typeof(Warning), typeof(DeadLetter), typeof(Dropped) })
        {
            Context.System.EventStream.Subscribe(Self, channel);
        }
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeadLetter letter:
                metrics.DeadLetters.Increment();

                // Between a socket's end and the user's entity learning of it, messages go to an actor that has stopped. The sender's credit must
                // come back, or the sender would stop being read after a few of them.
                (letter.Message as RelayMessage)?.Complete();
                break;
            case Dropped dropped:
                metrics.MailboxOverflows.Increment();
                (dropped.Message as RelayMessage)?.Complete();
                break;
            case Error error:
                Log.Failed(logger, error.LogSource, error.Message?.ToString() ?? string.Empty, error.Cause);
                break;
            case Warning warning:
                Log.Warned(logger, warning.LogSource, warning.Message?.ToString() ?? string.Empty);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Actor {Source}: {Text}", EventName = "ActorFailed")]
        internal static partial void Failed(ILogger logger, string source, string text, Exception? exception);

        [LoggerMessage(2, LogLevel.Warning, "Actor {Source}: {Text}", EventName = "ActorWarning")]
        internal static partial void Warned(ILogger logger, string source, string text);
    }
}
