using System.Collections.Concurrent;
using PeerSync.Actors.Rooms;
using PeerSync.Storage;
using PeerSync.Storage.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>Tokens that were revoked, until their time would have been over anyway: kept in the database, looked up in memory.</summary>
/// <remarks>Every node reads the table again at times, and so learns what another one has revoked.</remarks>
internal sealed partial class RoomsRevocations(IRevokedRoomTokens stored, TimeSpan lifetime, TimeProvider time, ILogger<RoomsRevocations> logger)
    : BackgroundService, IRoomsRevocations
{
    /// <summary>How often the table is read.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _revoked = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool IsRevoked(string tokenId) => _revoked.ContainsKey(tokenId);

    /// <summary>Revokes a token for good.</summary>
    /// <param name="tokenId">Its id.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StorageUnavailableException">It could not be stored.</exception>
    public async Task RevokeAsync(string tokenId, CancellationToken cancellationToken)
    {
        // Whenever it was issued, it ends within a lifetime from now.
        var expiresAt = time.GetUtcNow() + lifetime;
        await stored.RevokeAsync(tokenId, expiresAt, cancellationToken);
        _revoked[tokenId] = expiresAt;
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody is let in.
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (StorageUnavailableException exception)
            {
                Log.NotRead(logger, exception);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var token in await stored.ListAsync(cancellationToken))
        {
            _revoked[token.TokenId] = token.ExpiresAt;
        }

        var now = time.GetUtcNow();
        foreach (var (id, until) in _revoked)
        {
            if (until <= now)
            {
                _revoked.TryRemove(id, out _);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The revoked tokens could not be read; those known before still count.", EventName = "RevokedTokensNotRead")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
