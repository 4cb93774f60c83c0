namespace PeerSync.Host.Commands;

/// <summary>How a command ends.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;

    internal const int Failed = 1;
}
