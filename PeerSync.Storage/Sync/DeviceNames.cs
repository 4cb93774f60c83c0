using System.Globalization;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sync;

/// <summary>Names of devices, unique among those of one user (PocketBridge contract, section 2.7).</summary>
/// <remarks>The caller's transaction holds the user's row, so that no other name of the user changes meanwhile.</remarks>
internal static class DeviceNames
{
    // Beyond any honest number of devices; it bounds the search for a free one.
    private const int MaxNumber = 999;

    /// <summary>Whether another device of the user has exactly that name.</summary>
    public static async ValueTask<bool> IsTakenAsync(DatabaseSession session, string userId, string deviceId, string name) =>
        await session.QueryFirstAsync(
            "SELECT count(*) FROM sync_devices WHERE user_id = $1 AND name = $2 AND id <> $3", row => row.Integer(0), userId, name, deviceId) != 0;

    /// <summary>The name, with the first free number behind it where another device of the user has it.</summary>
    /// <returns>Null where all numbers are taken.</returns>
    public static async ValueTask<string?> FindFreeAsync(DatabaseSession session, string userId, string deviceId, string name)
    {
        if (!await IsTakenAsync(session, userId, deviceId, name))
        {
            return name;
        }

        var taken = await session.QueryAsync(
            "SELECT name FROM sync_devices WHERE user_id = $1 AND name IS NOT NULL AND id <> $2", row => row.Text(0), userId, deviceId);
        var names = taken.ToHashSet(StringComparer.Ordinal);
        var stem = WithoutNumber(name);
        for (var number = 2; number <= MaxNumber; number++)
        {
            var ending = string.Create(CultureInfo.InvariantCulture, $" ({number})");
            var candidate = SyncText.Cut(stem, SyncDevice.MaxNameLength - ending.Length) + ending;
            if (!names.Contains(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string WithoutNumber(string name)
    {
        var open = name.LastIndexOf(" (", StringComparison.Ordinal);
        var isNumbered = open > 0 && name.EndsWith(')') && name.Length > open + 3 && !name.AsSpan(open + 2, name.Length - open - 3).ContainsAnyExceptInRange('0', '9');
        return isNumbered ? name[..open] : name;
    }
}
