using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sharing;

/// <summary>Connections that ask at the same time, each its own request, spread over the loops.</summary>
internal sealed class RequestGroup : IAsyncDisposable
{
    private readonly SharingRun _run;
    private readonly Member[] _members;

    private RequestGroup(SharingRun run, Member[] members)
    {
        _run = run;
        _members = members;
    }

    /// <summary>Connects once for each request.</summary>
    public static async Task<RequestGroup> OpenAsync(SharingRun run, ServerProcess server, IReadOnlyList<byte[]> requests)
    {
        var members = requests.Select((request, i) => new Member(run.Loops[i % run.Loops.Count], request)).ToArray();
        var group = new RequestGroup(run, members);
        try
        {
            foreach (var member in members)
            {
                await member.Loop.InvokeAsync(async () => member.Connection = await RequestConnection.OpenAsync(member.Loop, server.NextSource(), server.Port));
            }

            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>The answer to the first request, asked once.</summary>
    public async Task<ReadOnlyMemory<byte>> AskAsync() => await AskAsync(_members[0]);

    /// <summary>Asks each request once.</summary>
    public Task AskAllAsync() => Task.WhenAll(_members.Select(AskAsync));

    /// <summary>Asks without a pause.</summary>
    /// <returns>Nanoseconds of each request that was sent in the measured time, and what it took.</returns>
    public async Task<(Histogram Latency, Usage Usage)> MeasureAsync(SharingRun run, ServerProcess server, double warmup)
    {
        await RunAsync(run, warmup, static () => default);
        return await RunAsync(run, run.Options.Seconds, () => UsageSample.Take(server.Id));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.Loop.InvokeAsync(() => member.Connection?.Abort());
        }
    }

    private async Task<ReadOnlyMemory<byte>> AskAsync(Member member)
    {
        ReadOnlyMemory<byte> answer = default;
        await member.Loop.InvokeAsync(async () => answer = await member.Connection!.AskAsync(member.Request)).WaitAsync(_run.Cancellation);
        return answer;
    }

    private async Task<(Histogram Latency, Usage Usage)> RunAsync(SharingRun run, double seconds, Func<UsageSample> sample)
    {
        // One histogram a loop, which only its thread writes to.
        var histograms = run.Loops.ToDictionary(static loop => loop, static _ => new Histogram());
        var before = sample();
        await Task.WhenAll(_members.Select(member => member.Loop.InvokeAsync(() => member.Connection!.Start(member.Request, histograms[member.Loop]))));
        await run.DelayAsync(seconds);
        await Task.WhenAll(_members.Select(static member => member.Loop.InvokeAsync(() => member.Connection!.StopAsync()))).WaitAsync(run.Cancellation);
        var after = sample();
        if (Array.Find(_members, static member => member.Connection!.Error is not null) is { } failed)
        {
            throw new InvalidOperationException($"A connection failed: {failed.Connection!.Error!.Message}", failed.Connection.Error);
        }

        var latency = new Histogram();
        foreach (var histogram in histograms.Values)
        {
            latency.Add(histogram);
        }

        return (latency, before.Until(after));
    }

    private sealed class Member(EventLoop loop, byte[] request)
    {
        public EventLoop Loop => loop;

        public byte[] Request => request;

        public RequestConnection? Connection { get; set; }
    }
}
