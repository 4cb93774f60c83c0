using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Answers with shares. What a client gets is put together from the texts as they are stored.</summary>
internal sealed class SharesAnswers(ISharingShares shares, SharingBodyBudget budget)
{
    // Up to this size a share is read without asking for room first.
    private const int Small = 64 * 1024;

    /// <summary>Answers with one share.</summary>
    public async Task WriteShareAsync(HttpContext context, string id, string userId)
    {
        var share = await shares.FindAsync(id, userId, Small, context.RequestAborted);
        if (share is { Content: null })
        {
            // It waits in memory for a client that may read slowly, as a body that is being received does.
            if (budget.TryTake(share.Size) is not { } part)
            {
                context.Response.Headers.RetryAfter = "1";
                await SharingAnswer.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
                return;
            }

            context.Response.RegisterForDispose(part);
            share = await shares.FindAsync(id, userId, long.MaxValue, context.RequestAborted);
        }

        if (share?.Content is not { } content)
        {
            await SharingAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, "Not Found");
            return;
        }

        await WriteAsync(context, Room(share.Size), output => ShareWriter.WriteShare(
            output,
            new SharedCode(
                share.Id,
                share.AuthorId,
                share.AuthorName,
                share.CreatedAt,
                share.ExpiresAt,
                content.Ciphertext,
                content.Iv,
                content.Aad,
                content.Wraps,
                content.Metadata)));
    }

    /// <summary>Answers with a page of a list; 403 where there is none for this user.</summary>
    public static Task WriteListAsync(HttpContext context, SharePage? page) => page is null
        ? SharingAnswer.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "Forbidden")
        : WriteAsync(
            context,
            0,
            output => ShareWriter.WriteList(
                output,
                [.. page.Items.Select(static item => new ListedCode(
                    item.Id, item.AuthorId, item.AuthorName, item.CreatedAt, item.ExpiresAt, item.Metadata, item.Wraps))],
                SharesPaging.Cursor(page.Next)));

    /// <summary>Answers with a page of shares that miss wrapped keys.</summary>
    public static Task WriteMissingAsync(HttpContext context, MissingWrapsPage page) => WriteAsync(
        context,
        0,
        output => ShareWriter.WriteMissing(
            output,
            [.. page.Items.Select(static item => new UnwrappedCode(
                item.Id,
                item.TeamId,
                [.. item.Devices.Select(static device => new UnwrappedDevice(device.UserId, device.DeviceId, device.EncryptionKey, device.Fingerprint))]))],
            SharesPaging.Cursor(page.Next)));

    private static int Room(long size) => (int)Math.Min(size + 1024, int.MaxValue / 2);

    private static async Task WriteAsync(HttpContext context, int room, Action<MessageBuffer> write)
    {
        var output = MessageBuffer.Rent(room);
        try
        {
            write(output);
            await SharingAnswer.WriteJsonAsync(context, StatusCodes.Status200OK, output.Memory);
        }
        finally
        {
            output.Release();
        }
    }
}
