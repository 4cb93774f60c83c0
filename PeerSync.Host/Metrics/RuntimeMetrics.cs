using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;

namespace PeerSync.Host.Metrics;

/// <summary>What every Prometheus dashboard asks of a process, and the parts of the runtime that explain a slow one.</summary>
internal sealed class RuntimeMetrics : IDisposable
{
    private readonly StripedCounter _exceptions = new();

    public RuntimeMetrics(IMeterFactory meterFactory, TelemetryOptions options)
    {
        var meter = meterFactory.Create(options.MeterName);
        CreateProcessInstruments(meter);
        CreateCollectorInstruments(meter);
        meter.CreateObservableUpDownCounter(
            "dotnet.thread_pool.queue_length", static () => ThreadPool.PendingWorkItemCount, "{work_item}", "Work items that wait for a thread.");
        meter.CreateObservableUpDownCounter(
            "dotnet.thread_pool.threads", static () => ThreadPool.ThreadCount, "{thread}", "Threads of the thread pool.");
        meter.CreateObservableCounter(
            "dotnet.exceptions", () => _exceptions.Value, "{exception}", "Exceptions thrown, handled or not.");
        AppDomain.CurrentDomain.FirstChanceException += CountException;
    }

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= CountException;

    private static void CreateProcessInstruments(Meter meter)
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableCounter(
            "process.cpu", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process, user and system.");
        meter.CreateObservableGauge(
            "process.resident_memory", static () => Environment.WorkingSet, "By", "Physical memory that the process holds.");
        meter.CreateObservableGauge(
            "process.start_time", () => started, "s", "When the process started, in seconds since 1970.");
    }

    private static void CreateCollectorInstruments(Meter meter)
    {
        meter.CreateObservableUpDownCounter(
            "dotnet.gc.heap.used", static () => GC.GetTotalMemory(forceFullCollection: false), "By", "Objects on the heap, live or not yet collected.");
        meter.CreateObservableUpDownCounter(
            "dotnet.gc.heap.committed", static () => GC.GetGCMemoryInfo().TotalCommittedBytes, "By", "Memory that the collector holds from the system.");
        meter.CreateObservableCounter(
            "dotnet.gc.allocated", static () => GC.GetTotalAllocatedBytes(), "By", "Memory allocated since the start.");
        meter.CreateObservableCounter("dotnet.gc.collections", ReadCollections, "{collection}", "Collections by generation, each counted once.");
        meter.CreateObservableCounter(
            "dotnet.gc.pause", static () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time that the collector stopped all threads.");
    }

    private static IEnumerable<Measurement<long>> ReadCollections()
    {
        // The runtime counts a collection of a generation in all younger ones too.
        var older = 0L;
        for (var generation = GC.MaxGeneration; generation >= 0; generation--)
        {
            var count = GC.CollectionCount(generation);
            yield return new Measurement<long>(count - older, new KeyValuePair<string, object?>("generation", generation));
            older = count;
        }
    }

    private void CountException(object? sender, FirstChanceExceptionEventArgs args) => _exceptions.Increment();
}
