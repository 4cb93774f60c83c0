namespace PeerSync.Host.Configuration;

/// <summary>A token bucket: so many at once, then so many in each period.</summary>
/// <param name="Burst">The capacity of the bucket.</param>
/// <param name="Tokens">The tokens that come back in each <paramref name="Period"/>.</param>
/// <param name="Period">One second or one minute, as the setting's name says.</param>
internal sealed record TokenBucketSettings(int Burst, int Tokens, TimeSpan Period);
