using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Peers;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

/// <summary>Gives each test empty databases, and takes them back.</summary>
public abstract class StorageTestBase(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly List<string> _folders = [];

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    protected static CancellationToken None => CancellationToken.None;

    private protected RecordedEvents Events { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
        {
            await opened.DisposeAsync();
        }

        foreach (var folder in _folders)
        {
            Directory.Delete(folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    protected static UserRecord User(string id) => new(id, $"{id}@example.org", $"Name of {id}", "github", null);

    /// <summary>Waits for a task, and says what was missing when it does not come.</summary>
    protected static async Task<T> WithinAsync<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}.");
        }
    }

    protected string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("peersync-storage-").FullName;
        _folders.Add(folder);
        return folder;
    }

    /// <summary>Settings of an empty database.</summary>
    protected async Task<StorageOptions> NewOptionsAsync(DatabaseEngine engine) => new()
    {
        DataFolder = engine is DatabaseEngine.Sqlite ? NewFolder() : "/nonexistent",
        DatabaseUrl = engine is DatabaseEngine.Postgres ? await postgres.CreateDatabaseAsync() : null,
    };

    /// <summary>An empty store with its tables.</summary>
    protected async Task<DataStore> OpenAsync(DatabaseEngine engine) => await OpenAsync(await NewOptionsAsync(engine));

    protected async Task<DataStore> OpenAsync(StorageOptions options) =>
        Keep(await StorageFactory.OpenAsync(options, TimeProvider.System, Events, None));

    /// <summary>A database without tables.</summary>
    private protected async Task<Database> OpenEmptyAsync(StorageOptions options) =>
        Keep(await StorageFactory.OpenDatabaseAsync(options, TimeProvider.System, Events, None));

    private protected static Task<long> CountAsync(Database database, string from) =>
        database.ReadAsync("counting", session => session.QueryFirstAsync($"SELECT count(*) FROM {from}", row => row.Integer(0)), None);

    private protected static Task<int> ExecuteAsync(Database database, string sql) =>
        database.WriteAsync("running a statement", session => session.ExecuteAsync(sql), None);

    private T Keep<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
