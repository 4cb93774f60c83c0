namespace PeerSync.Tests.Http;

/// <summary>How long a test waits for what must come.</summary>
internal static class TestTime
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
}
