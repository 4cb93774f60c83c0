using PeerSync.Storage;

namespace PeerSync.Tests.Storage;

public sealed class StorageOptionsTests
{
    private static readonly StorageOptions Good = new() { DataFolder = "data" };

    public static TheoryData<StorageOptions, string> Faults { get; } = new()
    {
        { Good with { DataFolder = " " }, nameof(StorageOptions.DataFolder) },
        { Good with { CommandTimeout = TimeSpan.FromMilliseconds(999) }, nameof(StorageOptions.CommandTimeout) },
        { Good with { BusyTimeout = TimeSpan.Zero }, nameof(StorageOptions.BusyTimeout) },
        { Good with { MigrationTimeout = TimeSpan.Zero }, nameof(StorageOptions.MigrationTimeout) },
        { Good with { ShutdownTimeout = TimeSpan.Zero }, nameof(StorageOptions.ShutdownTimeout) },
        { Good with { QueueCapacity = 0 }, nameof(StorageOptions.QueueCapacity) },
        { Good with { MaxBatch = 0 }, nameof(StorageOptions.MaxBatch) },
        { Good with { ReadConnections = 0 }, nameof(StorageOptions.ReadConnections) },
        { Good with { ReadConnections = 65 }, nameof(StorageOptions.ReadConnections) },
        { Good with { MaxPoolSize = 0 }, nameof(StorageOptions.MaxPoolSize) },
        { Good with { JournalTimeout = TimeSpan.FromMilliseconds(99) }, nameof(StorageOptions.JournalTimeout) },
        { Good with { JournalQueueEvents = 0 }, nameof(StorageOptions.JournalQueueEvents) },
        { Good with { JournalQueueBytes = 1_048_575 }, nameof(StorageOptions.JournalQueueBytes) },
        { Good with { JournalGroupEvents = 0 }, nameof(StorageOptions.JournalGroupEvents) },
        { Good with { JournalGroupBytes = 65_535 }, nameof(StorageOptions.JournalGroupBytes) },
    };

    [Fact]
    public void The_defaults_are_valid() => Good.Validate();

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_out_of_range_is_refused_by_name(StorageOptions options, string setting) =>
        Assert.Equal(setting, Assert.ThrowsAny<ArgumentException>(options.Validate).ParamName);

    [Fact]
    public async Task Opening_validates_first() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => StorageFactory.OpenAsync(Good with { MaxBatch = 0 }, TimeProvider.System, null, CancellationToken.None));
}
