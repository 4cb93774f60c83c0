using System.Globalization;
using PeerSync.Storage;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>What the audit log says: of a team to its owner, of oneself to everybody (Sharing contract, section 12).</summary>
internal sealed class TeamAuditEndpoints(ISharingTeams teams)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public void Map(SharingRoutes routes)
    {
        routes.Protected(HttpMethods.Get, "/teams/{teamId}/audit", ReadTeamAsync);
        routes.Protected(HttpMethods.Get, "/audit", ReadOwnAsync);
    }

    // One more than is shown tells whether there is another page.
    private static Task WriteAsync(HttpContext context, IReadOnlyList<AuditRecord> records, int limit) =>
        SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            var shown = Math.Min(limit, records.Count);
            writer.WriteStartArray("items"u8);
            foreach (var (id, at, entry) in records.Take(shown))
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, Text(id));
                writer.WriteString("at"u8, SharingAnswer.Iso(at));
                writer.WriteString("action"u8, entry.Action);
                writer.WriteString("actorId"u8, entry.Actor);
                writer.WriteString("subjectId"u8, entry.Subject);
                writer.WriteString("detail"u8, entry.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (records.Count > shown)
            {
                writer.WriteString("nextCursor"u8, Text(records[shown - 1].Id));
            }
        });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryReadPage(HttpContext context, out int limit, out long? before)
    {
        limit = DefaultLimit;
        before = null;
        var query = context.Request.Query;
        if (query.TryGetValue("limit", out var limits)
            && (!int.TryParse(limits, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            return false;
        }

        if (query.TryGetValue("before", out var cursors))
        {
            if (!long.TryParse(cursors, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor))
            {
                return false;
            }

            before = cursor;
        }

        return true;
    }

    private static Task WriteInvalidAsync(HttpContext context) => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Invalid query");

    private async Task ReadTeamAsync(HttpContext context, SharingCaller caller)
    {
        if (!TryReadPage(context, out var limit, out var before))
        {
            await WriteInvalidAsync(context);
            return;
        }

        var teamId = SharingPath.Value(context, "teamId");
        var page = await teams.ReadTeamAuditAsync(teamId, caller.UserId, before, limit + 1, context.RequestAborted);
        await (page.Status == SharingTeamStatus.Done
            ? WriteAsync(context, page.Records, limit)
            : TeamsAnswer.WriteRefusalAsync(context, page.Status));
    }

    private async Task ReadOwnAsync(HttpContext context, SharingCaller caller)
    {
        if (!TryReadPage(context, out var limit, out var before))
        {
            await WriteInvalidAsync(context);
            return;
        }

        await WriteAsync(context, await teams.ReadUserAuditAsync(caller.UserId, before, limit + 1, context.RequestAborted), limit);
    }
}
