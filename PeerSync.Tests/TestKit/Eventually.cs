namespace PeerSync.Tests.TestKit;

/// <summary>For what the server shows to nobody who could be awaited.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">What must come about.</param>
    /// <param name="expectation">What is said where it does not in time.</param>
    /// <param name="patience">How long it is waited for; ten seconds by default.</param>
    internal static Task TrueAsync(Func<bool> condition, Func<string> expectation, TimeSpan? patience = null) =>
        TrueAsync(() => Task.FromResult(condition()), expectation, patience);

    /// <summary>Waits until a condition holds that takes time to find out.</summary>
    /// <param name="condition">What must come about.</param>
    /// <param name="expectation">What is said where it does not in time.</param>
    /// <param name="patience">How long it is waited for; ten seconds by default.</param>
    internal static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expectation, TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < limit, $"Waited {limit.TotalSeconds} s for {expectation()}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
