using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>A log that publishes to the event stream. Formats as <see cref="string.Format(string, object[])"/> does, and only when somebody listens.</summary>
public interface ILoggingAdapter
{
    /// <summary>Whether <see cref="Debug"/> does anything.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether <see cref="Info"/> does anything.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether <see cref="Warning(string, object[])"/> does anything.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether <see cref="Error(string, object[])"/> does anything.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether events of a level are published.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Logs for developers.</summary>
    void Debug([StringSyntax(StringSyntaxAttribute.CompositeFormat)] string format, params object?[] args);

    /// <summary>Logs what happens in normal operation.</summary>
    void Info([StringSyntax(StringSyntaxAttribute.CompositeFormat)] string format, params object?[] args);

    /// <summary>Logs what is wrong and was coped with.</summary>
    void Warning([StringSyntax(StringSyntaxAttribute.CompositeFormat)] string format, params object?[] args);

    /// <summary>Logs what is wrong and was coped with.</summary>
    void Warning(Exception? cause, [StringSyntax(StringSyntaxAttribute.CompositeFormat)] string format, params object?[] args);

    /// <summary>Logs a failure.</summary>
    void Error([StringSyntax(StringSyntaxAttribute.CompositeFormat)] string format, params object?[] args);

    /// <summary>Logs a failure.</summary>
    void Error(Exception? cause, [StringSyntax(StringSyntaxAttribute.CompositeFormat)] string format, params object?[] args);
}
