using System.Globalization;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Which part of a list is asked for: <c>?limit=1..50&amp;before=&lt;nextCursor of the page before&gt;</c>.</summary>
internal static class SharesPaging
{
    /// <summary>The most that one page has, and what it has where nothing is said.</summary>
    public const int MaxLimit = 50;

    /// <summary>Reads the query.</summary>
    /// <returns>Null where it is not of that form; then the request has been answered.</returns>
    public static async ValueTask<SharePageRequest?> ReadAsync(HttpContext context)
    {
        var limit = (long)MaxLimit;
        long? before = null;
        var query = context.Request.Query;
        var isValid = (!query.TryGetValue("limit", out var size) || (TryParse(size.ToString(), out limit) && limit <= MaxLimit))
            & (!query.TryGetValue("before", out var cursor) || TryParse(cursor.ToString(), out before));
        if (isValid)
        {
            return new SharePageRequest(before, (int)limit);
        }

        await SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Invalid query");
        return null;
    }

    /// <summary>Where the next page begins, as the client is to say it.</summary>
    public static string? Cursor(long? next) => next?.ToString(CultureInfo.InvariantCulture);

    private static bool TryParse(string text, out long? number)
    {
        var isNumber = TryParse(text, out long read);
        number = read;
        return isNumber;
    }

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
