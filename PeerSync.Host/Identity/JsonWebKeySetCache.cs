using System.Net;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>Keeps the keys that an identity service publishes, and asks it as seldom as it can.</summary>
/// <remarks>
/// <para>
/// A key that is known is answered at once, whatever the service or other callers do. The set is fetched by a timer; the last good one is used until the
/// service gives a newer one. A name that is not known starts a fetch of its own, unless one ended a short while ago or the service has just denied the
/// name; all who wait share it, and one who stops waiting does not stop it. So a flood of invented names costs a bounded number of fetches.
/// </para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed partial class JsonWebKeySetCache : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Uri _address;
    private readonly JsonWebKeySetOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<JsonWebKeySetCache> _logger;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly UnknownKeys _unknown;

    private volatile JsonWebKeySet? _keys;
    private Task? _refresh;
    private DateTimeOffset _nextRefreshAllowed = DateTimeOffset.MinValue;
    private DateTimeOffset? _fetchedAt;
    private DateTimeOffset? _failedAt;
    private string? _failure;
    private int _failuresInARow;
    private bool _isStopped;

    public JsonWebKeySetCache(Uri address, JsonWebKeySetOptions options, TimeProvider timeProvider, ILogger<JsonWebKeySetCache> logger)
    {
        _address = address;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _unknown = new UnknownKeys(options.UnknownKeyLifetime, options.MaxUnknownKeys);

        // No redirects: the keys are whatever the configured address says, and nothing that it points to.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.RequestTimeout,
            PooledConnectionLifetime = options.Lifetime,
            MaxResponseHeadersLength = 16,
        };
        _client = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = options.MaxDocumentSize,
        };
        _timer = timeProvider.CreateTimer(static state => ((JsonWebKeySetCache)state!).Start(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the set looks like at this moment.</summary>
    public KeySetState State
    {
        get
        {
            lock (_lock)
            {
                return new KeySetState(_keys?.Count ?? 0, _fetchedAt, _failure, _failedAt);
            }
        }
    }

    /// <summary>Begins to fetch the set, and from then on fetches it regularly. Done at the server's start, no login has to wait for the keys.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (!_isStopped)
            {
                _refresh ??= BeginRefresh();
            }
        }
    }

    /// <summary>Finds the key of a name, which may take one fetch.</summary>
    /// <param name="keyId">The name.</param>
    /// <param name="cancellationToken">Ends the wait for a fetch, not the fetch.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (_keys?.Find(keyId) is { } known)
        {
            return ValueTask.FromResult(new KeyLookup(known, false));
        }

        Task refresh;
        lock (_lock)
        {
            var now = _timeProvider.GetUtcNow();
            if (_keys?.Find(keyId) is { } key)
            {
                return ValueTask.FromResult(new KeyLookup(key, false));
            }

            if (_unknown.Contains(keyId, now))
            {
                return ValueTask.FromResult(KeyLookup.Unknown);
            }

            if (_refresh is null && (_isStopped || now < _nextRefreshAllowed))
            {
                return ValueTask.FromResult(_failure is null && !_isStopped ? KeyLookup.Unknown : KeyLookup.Unavailable);
            }

            refresh = _refresh ??= BeginRefresh();
        }

        return FindAfterAsync(refresh, keyId, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Task? refresh;
        lock (_lock)
        {
            if (_isStopped)
            {
                return;
            }

            _isStopped = true;
            refresh = _refresh;
        }

        await _stopping.CancelAsync();
        if (refresh is not null)
        {
            await refresh;
        }

        await _timer.DisposeAsync();
        _client.Dispose();
        _stopping.Dispose();
    }

    private async ValueTask<KeyLookup> FindAfterAsync(Task refresh, string keyId, CancellationToken cancellationToken)
    {
        await refresh.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (_keys?.Find(keyId) is { } key)
            {
                return new KeyLookup(key, false);
            }

            if (_failure is not null)
            {
                return KeyLookup.Unavailable;
            }

            _unknown.Add(keyId, _timeProvider.GetUtcNow());
            return KeyLookup.Unknown;
        }
    }

    /// <summary>Called under the lock, and only when no refresh is under way.</summary>
    private Task BeginRefresh()
    {
        // Many may wait: they must not run one after the other on the thread that ends the refresh.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(() => RefreshAsync(ended));
        return ended.Task;
    }

    private async Task RefreshAsync(TaskCompletionSource ended)
    {
        try
        {
            Succeeded(await FetchAsync());
        }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to be told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failed(Describe(exception));
        }
        finally
        {
            ended.SetResult();
        }
    }

    private async Task<JsonWebKeySet> FetchAsync()
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        using var response = await _client.GetAsync(_address, HttpCompletionOption.ResponseContentRead, either.Token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException("The key service refused.", null, response.StatusCode);
        }

        return JsonWebKeySet.Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
    }

    private void Succeeded(JsonWebKeySet keys)
    {
        lock (_lock)
        {
            var now = _timeProvider.GetUtcNow();
            _keys = keys;
            _fetchedAt = now;
            _failure = null;
            _failuresInARow = 0;
            Ended(now + _options.MinimumRefreshInterval, _options.Lifetime);
        }

        Log.KeySetLoaded(_logger, keys.Count, keys.Skipped);
    }

    private void Failed(string reason)
    {
        int keptKeys;
        lock (_lock)
        {
            var now = _timeProvider.GetUtcNow();
            _failure = reason;
            _failedAt = now;
            var delay = _options.RetryDelay * Math.Pow(2, Math.Min(_failuresInARow++, 16));
            delay = delay < _options.MinimumRefreshInterval ? delay : _options.MinimumRefreshInterval;
            Ended(now + delay, delay);
            keptKeys = _keys?.Count ?? 0;
        }

        if (!_stopping.IsCancellationRequested)
        {
            Log.FetchFailed(_logger, reason, keptKeys);
        }
    }

    private void Ended(DateTimeOffset nextRefreshAllowed, TimeSpan nextRefreshIn)
    {
        _refresh = null;
        _nextRefreshAllowed = nextRefreshAllowed;
        if (!_isStopped)
        {
            _timer.Change(nextRefreshIn, Timeout.InfiniteTimeSpan);
        }
    }

    private static string Describe(Exception exception) => exception switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { StatusCode: { } status } => $"HTTP status {(int)status}",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the document is too large",
        HttpRequestException request => $"HTTP request failed ({request.HttpRequestError})",
        FormatException => "the document is not a key set",
        _ => exception.GetType().Name,
    };
}
