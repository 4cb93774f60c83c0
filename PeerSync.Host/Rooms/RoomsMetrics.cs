using System.Diagnostics.Metrics;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Metrics;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>Shows what the Rooms feature's actors count (Rooms contract, section 14). No label holds a room or a user.</summary>
internal sealed class RoomsMetrics
{
    private static readonly RoomsForm[] Forms = Enum.GetValues<RoomsForm>();
    private static readonly RoomsFrameType[] Types = Enum.GetValues<RoomsFrameType>();

    public RoomsMetrics(IMeterFactory meterFactory, TelemetryOptions options, RoomsCounters counters, PeerSyncMetrics metrics)
    {
        var meter = meterFactory.Create(options.MeterName);
        meter.CreateObservableUpDownCounter(
            "octate.connections",
            () => Forms.Select(form => With(counters.Connections(form), "dialect", NameOf(form))),
            null,
            "Open sockets, by the form that they speak.");
        meter.CreateObservableUpDownCounter(
            "octate.rooms",
            () => new[] { With(counters.RoomsActive, "state", "active"), With(counters.RoomsIdle, "state", "idle") },
            null,
            "Rooms, with members and without.");
        meter.CreateObservableUpDownCounter("octate.members", () => counters.Members, null, "Members of all rooms.");
        meter.CreateObservableCounter("octate.messages", () => Messages(counters), null, "Frames received, and frames handed to members, one for each receiver.");
        meter.CreateObservableCounter(
            "octate.errors", () => counters.Errors.Select(static error => With(error.Value, "code", error.Key)), null, "Errors sent to clients.");
        meter.CreateObservableCounter("octate.tokens.issued", () => counters.TokensIssued, null, "Tokens issued.");
        meter.CreateObservableUpDownCounter("octate.overloaded", () => counters.IsOverloaded ? 1 : 0, null, "1 while nobody new is let in for want of memory.");
        metrics.ObserveAuthentications("room", () =>
        [
            KeyValuePair.Create("valid", counters.AuthenticationsOk),
            KeyValuePair.Create("invalid", counters.AuthenticationsRefused),
        ]);
    }

    /// <summary>The contract's letter for a form.</summary>
    internal static string NameOf(RoomsForm form) => form switch
    {
        RoomsForm.Lean => "A",
        RoomsForm.Collaboration => "B",
        RoomsForm.SyncService => "C",
        RoomsForm.Workbench => "D",
        RoomsForm.Readme => "E",
        _ => "undecided",
    };

    private static List<Measurement<long>> Messages(RoomsCounters counters)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var form in Forms)
        {
            foreach (var type in Types)
            {
                Add(counters.Received(form, type), "in");
                Add(counters.Relayed(form, type), "out");

                // Combinations that never occur would be most of the page.
                void Add(long count, string direction)
                {
                    if (count > 0)
                    {
                        measurements.Add(new Measurement<long>(
                            count,
                            new KeyValuePair<string, object?>("dialect", NameOf(form)),
                            new KeyValuePair<string, object?>("type", type.ToString()),
                            new KeyValuePair<string, object?>("direction", direction)));
                    }
                }
            }
        }

        return measurements;
    }

    private static Measurement<long> With(long value, string label, string of) => new(value, new KeyValuePair<string, object?>(label, of));
}
