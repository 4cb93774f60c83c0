namespace PeerSync.Host.Http;

/// <summary>Counts in fixed windows for each key, as the originals do and tell their clients; a window begins with the first count.</summary>
/// <remarks>Thread-safe. A key's memory ends with its window; more keys than the capacity end all windows early rather than grow without bound.</remarks>
internal sealed class WindowCounter(int limit, TimeSpan window, int capacity, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private long _swept = time.GetTimestamp();

    /// <summary>The most in each window.</summary>
    public int Limit => limit;

    /// <summary>Counts one.</summary>
    /// <param name="key">For whom.</param>
    public WindowCount Take(string key)
    {
        lock (_gate)
        {
            var current = Current(key);
            var isWithin = current.Taken < limit;
            if (isWithin)
            {
                current.Taken++;
            }

            return new WindowCount(isWithin, limit - current.Taken, window - time.GetElapsedTime(current.Began));
        }
    }

    /// <summary>Takes one back that <see cref="Take"/> counted within the limit.</summary>
    /// <param name="key">For whom.</param>
    public void GiveBack(string key)
    {
        lock (_gate)
        {
            if (_windows.TryGetValue(key, out var current) && current.Taken > 0)
            {
                current.Taken--;
            }
        }
    }

    private Window Current(string key)
    {
        if (time.GetElapsedTime(_swept) >= window || _windows.Count >= capacity)
        {
            Sweep();
        }

        if (!_windows.TryGetValue(key, out var current) || time.GetElapsedTime(current.Began) >= window)
        {
            current = new Window(time.GetTimestamp());
            _windows[key] = current;
        }

        return current;
    }

    private void Sweep()
    {
        _swept = time.GetTimestamp();
        foreach (var (key, current) in _windows)
        {
            if (time.GetElapsedTime(current.Began) >= window)
            {
                _windows.Remove(key);
            }
        }

        if (_windows.Count >= capacity)
        {
            _windows.Clear();
        }
    }

    private sealed class Window(long began)
    {
        public long Began { get; } = began;

        public int Taken { get; set; }
    }
}

/// <summary>What came of counting one.</summary>
/// <param name="IsWithin">Whether it was within the limit.</param>
/// <param name="Remaining">How many more fit into the window.</param>
/// <param name="Reset">When the window ends.</param>
internal readonly record struct WindowCount(bool IsWithin, int Remaining, TimeSpan Reset)
{
    /// <summary>When the window ends, in whole seconds, at least one.</summary>
    public long ResetSeconds => Math.Max(1, (long)Math.Ceiling(Reset.TotalSeconds));
}
