using System.Runtime.InteropServices;
using SQLitePCL;

namespace PeerSync.Storage.Sqlite;

/// <summary>Chooses the native library: the bundled one, or the system's where that is newer, because the system's gets security fixes.</summary>
internal static class SqliteNative
{
    private const string BundledName = "e_sqlite3";
    private const string SystemName = "libsqlite3.so.0";

    // Once in a process: the runtime takes one resolver for an assembly and keeps what it has bound.
    private static readonly Lazy<string> LoadedVersion = new(Load);

    private delegate int VersionNumber();

    /// <summary>Loads the library, the first time, and tells its version.</summary>
    /// <exception cref="DllNotFoundException">There is neither.</exception>
    public static string EnsureLoaded() => LoadedVersion.Value;

    private static string Load()
    {
        var assembly = typeof(SQLite3Provider_e_sqlite3).Assembly;
        var bundled = NativeLibrary.TryLoad(BundledName, assembly, null, out var bundledHandle) ? VersionOf(bundledHandle) : 0;
        var system = NativeLibrary.TryLoad(SystemName, out var systemHandle) ? VersionOf(systemHandle) : 0;
        if (system > bundled)
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == BundledName ? systemHandle : 0);
        }

        Batteries_V2.Init();
        return raw.sqlite3_libversion().utf8_to_string();
    }

    private static int VersionOf(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var function)
            ? Marshal.GetDelegateForFunctionPointer<VersionNumber>(function)()
            : 0;
}
