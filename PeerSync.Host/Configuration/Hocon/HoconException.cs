using System.Globalization;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A HOCON text is not valid, cannot be read, cannot be resolved or goes beyond <see cref="HoconLimits"/>.</summary>
internal sealed class HoconException : Exception
{
    public HoconException(HoconOrigin origin, string reason, Exception? innerException = null)
        : base(Format(origin, reason), innerException)
    {
        Origin = origin;
        Reason = reason;
    }

    /// <summary>Where the fault is.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    private static string Format(HoconOrigin origin, string reason) => origin.Line == 0
        ? $"{origin.Source}: {reason}"
        : string.Create(CultureInfo.InvariantCulture, $"{origin.Source}:{origin.Line}:{origin.Column}: {reason}");
}
