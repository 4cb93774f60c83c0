using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>Something in the configuration with which the server cannot start.</summary>
/// <param name="Path">The setting's path; empty when the text itself is at fault.</param>
/// <param name="Origin">Where the value was written, or the section that misses it; null when there is not even that.</param>
/// <param name="Message">What is wrong. Never holds a secret.</param>
internal sealed record ConfigurationFault(string Path, HoconOrigin? Origin, string Message)
{
    public override string ToString()
    {
        var place = Origin is { } origin ? origin.ToString() : string.Empty;
        return (Path.Length, place.Length) switch
        {
            (0, 0) => Message,
            (0, _) => $"{place}: {Message}",
            (_, 0) => $"{Path}: {Message}",
            _ => $"{Path} ({place}): {Message}",
        };
    }
}
