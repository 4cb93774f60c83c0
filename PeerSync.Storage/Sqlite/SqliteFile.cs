using Microsoft.Data.Sqlite;

namespace PeerSync.Storage.Sqlite;

/// <summary>The database file and how connections to it are opened.</summary>
internal sealed class SqliteFile
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "peersync.db";

    private readonly string _path;

    /// <summary>Names the file without touching it.</summary>
    public SqliteFile(string folder)
    {
        _path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, FileName));
    }

    /// <summary>The full path.</summary>
    public string Path => _path;

    /// <summary>Makes the folder and the file where they are missing, readable by the owner only, and switches the file to write-ahead logging.</summary>
    /// <exception cref="StorageUnavailableException">The file system cannot hold such a file.</exception>
    public async Task CreateAsync(TimeSpan busyTimeout)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
        CreateFile();
        using var session = OpenSession(busyTimeout);
        var mode = await session.QueryFirstAsync("PRAGMA journal_mode = WAL", row => row.Text(0));
        if (mode != "wal")
        {
            throw new StorageUnavailableException("The file system of the data folder does not support SQLite's write-ahead log; use a local disk.");
        }
    }

    /// <summary>A connection that may write. A commit has reached the disk when it returns.</summary>
    public SqliteSession OpenWriter(TimeSpan busyTimeout)
    {
        var session = OpenSession(busyTimeout);
        session.Execute("PRAGMA synchronous = FULL");

        // What undoes a savepoint: in a file it would double what is written, and it is of no use after a crash.
        session.Execute("PRAGMA temp_store = MEMORY");

        // A burst makes the log grow; without a limit it would keep that size for ever.
        session.Execute("PRAGMA journal_size_limit = 67108864");
        return session;
    }

    /// <summary>A connection that can only read.</summary>
    public SqliteSession OpenReader(TimeSpan busyTimeout)
    {
        var session = OpenSession(busyTimeout);
        session.Execute("PRAGMA query_only = ON");
        return session;
    }

    private void CreateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            // SQLite gives its log and index the mode of the file.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(_path, options);
    }

    private SqliteSession OpenSession(TimeSpan busyTimeout)
    {
        // ReadWrite and not ReadWriteCreate: a file that vanished must be noticed and not be replaced by an empty one.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Execute($"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
