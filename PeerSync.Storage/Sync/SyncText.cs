using System.Buffers;

namespace PeerSync.Storage.Sync;

/// <summary>The texts of the Sync tables: ids are checked, names are made to fit.</summary>
internal static class SyncText
{
    private const int UserIdLength = 64;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>A device id as stored.</summary>
    public static string Of(Guid deviceId) => deviceId.ToString("D");

    /// <summary>Refuses what is no user id.</summary>
    public static void RequireUserId(string userId)
    {
        ArgumentNullException.ThrowIfNull(userId);
        if (userId.Length != UserIdLength || userId.AsSpan().ContainsAnyExcept(LowerHex))
        {
            throw new ArgumentException("A user id is 64 lower-case hexadecimal digits.", nameof(userId));
        }
    }

    /// <summary>A text of at most so many UTF-16 units, in which no surrogate pair is cut apart.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) && char.IsLowSurrogate(text[length]) ? length - 1 : length)];
    }
}
