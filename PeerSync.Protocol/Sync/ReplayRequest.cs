namespace PeerSync.Protocol.Sync;

/// <summary>A <c>replay_request</c>.</summary>
/// <param name="Limit">How many events the client wants at most, from 1 to <see cref="MaxLimit"/>.</param>
/// <param name="ContinuationToken">What the client calls its continuation token, unverified, or null.</param>
public readonly record struct ReplayRequest(int Limit, string? ContinuationToken)
{
    /// <summary>The limit when the client names none.</summary>
    public const int DefaultLimit = 100;

    /// <summary>The highest limit.</summary>
    public const int MaxLimit = 1000;
}
