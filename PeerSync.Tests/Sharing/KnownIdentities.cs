using System.Collections.Concurrent;
using PeerSync.Actors.Sharing;

namespace PeerSync.Tests.Sharing;

/// <summary>Tokens of the form user/session; a test can end one.</summary>
internal sealed class KnownIdentities(TimeProvider time) : IFeedIdentities
{
    private readonly ConcurrentDictionary<string, bool> _ended = new(StringComparer.Ordinal);

    internal TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    internal void End(string token) => _ended[token] = true;

    public ValueTask<FeedIdentity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var parts = token.Split('/');
        return new(parts.Length == 2 && !_ended.ContainsKey(token) ? new FeedIdentity(parts[0], parts[1], time.GetUtcNow() + Lifetime) : null);
    }
}
