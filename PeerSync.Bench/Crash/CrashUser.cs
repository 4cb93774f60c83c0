using System.Collections.Concurrent;
using System.Text.Json;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Bench.Crash;

/// <summary>A user: the key pair that all its devices share, and everything that they have sent.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CrashUser
{
    private readonly byte[] _seed = new byte[Ed25519.SeedSize];
    private readonly ConcurrentDictionary<Guid, SentEvent> _sent = new();

    public CrashUser(Random random)
    {
        random.NextBytes(_seed);
        UserId = Convert.ToHexStringLower(Ed25519.GetPublicKey(_seed));
    }

    public string UserId { get; }

    /// <summary>Everything that its devices have sent, acknowledged or not.</summary>
    public IReadOnlyDictionary<Guid, SentEvent> Sent => _sent;

    public string Sign(ReadOnlySpan<byte> message) => Convert.ToHexStringLower(Ed25519.Sign(_seed, message));

    public void Add(SentEvent sent) => _sent[sent.EventId] = sent;

    /// <summary>Finds what a device sent by what the server tells, and compares both.</summary>
    public SentEvent? Recognize(JsonElement told, CrashTally tally)
    {
        if (!_sent.TryGetValue(told.GetProperty("event_id").GetGuid(), out var sent))
        {
            tally.Fault($"Nobody has sent event {told.GetProperty("event_id").GetString()}.");
        }
        else if (sent.Compare(told) is { } fault)
        {
            tally.Fault(fault);
        }

        return sent;
    }
}
