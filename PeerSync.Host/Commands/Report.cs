using PeerSync.Host.Configuration;

namespace PeerSync.Host.Commands;

/// <summary>What several commands say alike.</summary>
internal static class Report
{
    /// <summary>Every fault of the configuration, with its path and origin.</summary>
    internal static void Faults(PeerSyncConfiguration configuration, TextWriter error)
    {
        error.WriteLine("The configuration cannot be used:");
        foreach (var fault in configuration.Faults)
        {
            error.WriteLine($"  {fault}");
        }
    }
}
