using System.Diagnostics;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Measures from its creation until every member of a group has been told of some events.</summary>
internal sealed class DeliveryMeter(ServerProcess server, ConnectionGroup members, TimeSpan limit)
{
    private readonly long _messages = members.CountedMessages();
    private readonly long _bytes = members.CountedBytes();
    private readonly UsageSample _start = UsageSample.Take(server.Id);

    /// <summary>
    /// Waits for one delivery per member and event. Fewer within the limit are no fault, because a server may merge or withhold
    /// presence: the table shows how many there were.
    /// </summary>
    public async Task<Phase> FinishAsync(int events, CancellationToken cancellationToken)
    {
        var expected = _messages + ((long)events * members.All.Count());
        var started = Stopwatch.GetTimestamp();
        while (members.CountedMessages() < expected && Stopwatch.GetElapsedTime(started) < limit)
        {
            await Task.Delay(1, cancellationToken);
        }

        var usage = _start.Until(UsageSample.Take(server.Id));
        return new Phase(events, members.CountedMessages() - _messages, members.CountedBytes() - _bytes, usage);
    }
}
