using System.Collections.Concurrent;
using PeerSync.Actors.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Peers;

/// <summary>Knows the tokens that a test names; refuses all others.</summary>
internal sealed class ScriptedTokenVerifier : ITokenVerifier
{
    private readonly ConcurrentDictionary<string, TokenVerification> _outcomes = new(StringComparer.Ordinal);

    public TokenVerification this[string token]
    {
        set => _outcomes[token] = value;
    }

    public void Add(string token, string userId, Func<VerifiedIdentity, VerifiedIdentity>? with = null)
    {
        var identity = new VerifiedIdentity(new UserId(userId), DateTimeOffset.MaxValue);
        _outcomes[token] = TokenVerification.Valid(with?.Invoke(identity) ?? identity);
    }

    public ValueTask<TokenVerification> VerifyAsync(string token, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_outcomes.GetValueOrDefault(token, TokenVerification.Invalid));
}
