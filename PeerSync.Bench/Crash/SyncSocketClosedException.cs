namespace PeerSync.Bench.Crash;

/// <summary>The server has closed a socket before its login was complete.</summary>
internal sealed class SyncSocketClosedException(int? code, string? reason) : Exception($"The server closed the socket with {code} '{reason}' during the login.")
{
    public int? Code => code;
}
