using System.Globalization;

namespace PeerSync.Kernel;

/// <summary>Publishes log events under an actor's path.</summary>
internal sealed class EventStreamLogger(ActorSystem system, IActorRef? actor, Type type) : ILoggingAdapter
{
    private string? _source;

    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    private string Source => _source ??= actor?.Path.ToString() ?? system.Name;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= system.Settings.LogLevel && system.EventStream.HasSubscribers(logLevel switch
        {
            LogLevel.DebugLevel => typeof(Debug),
            LogLevel.InfoLevel => typeof(Info),
            LogLevel.WarningLevel => typeof(Warning),
            _ => typeof(Error),
        });

    public void Debug(string format, params object?[] args)
    {
        if (IsDebugEnabled)
        {
            system.Publish(new Debug(Source, type, Format(format, args)));
        }
    }

    public void Info(string format, params object?[] args)
    {
        if (IsInfoEnabled)
        {
            system.Publish(new Info(Source, type, Format(format, args)));
        }
    }

    public void Warning(string format, params object?[] args) => Warning(null, format, args);

    public void Warning(Exception? cause, string format, params object?[] args)
    {
        if (IsWarningEnabled)
        {
            system.Publish(new Warning(Source, type, Format(format, args)) { Cause = cause });
        }
    }

    public void Error(string format, params object?[] args) => Error(null, format, args);

    public void Error(Exception? cause, string format, params object?[] args)
    {
        if (IsErrorEnabled)
        {
            system.Publish(new Error(cause, Source, type, Format(format, args)));
        }
    }

    private static string Format(string format, object?[] args) => args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
}
