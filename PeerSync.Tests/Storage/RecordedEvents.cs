using System.Collections.Concurrent;
using PeerSync.Storage;

namespace PeerSync.Tests.Storage;

/// <summary>Keeps what the storage told.</summary>
internal sealed class RecordedEvents : IStorageEvents
{
    public ConcurrentQueue<int> Migrations { get; } = new();

    public ConcurrentQueue<int> TransactionSizes { get; } = new();

    public ConcurrentQueue<string> Retries { get; } = new();

    public ConcurrentQueue<(string Operation, Exception Exception)> Failures { get; } = new();

    public ConcurrentQueue<(int Events, int Batches)> Groups { get; } = new();

    public ConcurrentQueue<Exception> Refusals { get; } = new();

    public void MigrationApplied(int number, string name, TimeSpan duration) => Migrations.Enqueue(number);

    public void TransactionCommitted(int operations, TimeSpan duration) => TransactionSizes.Enqueue(operations);

    public void OperationRetried(string operation, Exception reason) => Retries.Enqueue(operation);

    public void OperationFailed(string operation, Exception exception) => Failures.Enqueue((operation, exception));

    public void EventsCommitted(int events, int batches, TimeSpan duration) => Groups.Enqueue((events, batches));

    public void EventsRefused(int events, Exception reason) => Refusals.Enqueue(reason);
}
