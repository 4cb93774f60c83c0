using System.Buffers;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Configuration;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Code shares and their wrapped keys (Sharing contract, section 5).</summary>
internal sealed class SharesEndpoints(
    PeerSyncOptions options, ISharingShares shares, ISharingFeedSink feed, SharesMetrics metrics, SharesAnswers answers, TimeProvider time)
{
    private readonly SharingSettings _settings = options.Sharing;
    private readonly ShareLimits _limits = new(options.Sharing.MaxWraps, options.Sharing.MaxStoredPerUser);

    /// <summary>Maps the routes.</summary>
    public void Map(SharingRoutes routes)
    {
        var limit = new SharingBodyLimit(_settings.MaxShareSize);
        routes.Protected(HttpMethods.Post, "/code-share/share", CreateAsync).WithMetadata(limit);
        routes.Protected(HttpMethods.Get, "/code-share/team/list", ListTeamAsync);
        routes.Protected(HttpMethods.Get, "/code-share/team/{teamId}/by-author/{userId}", ListByAuthorAsync);
        routes.Protected(HttpMethods.Get, "/code-share/dm/with/{userId}", ListDirectAsync);
        routes.Protected(HttpMethods.Get, "/code-share/missing-wraps", ListMissingAsync);
        routes.Protected(HttpMethods.Get, "/code-share/{id}", ShowAsync);
        routes.Protected(HttpMethods.Delete, "/code-share/{id}", DeleteAsync);
        routes.Protected(HttpMethods.Post, "/code-share/{id}/add-wrapped-keys", AppendAsync).WithMetadata(limit);
        routes.Protected(HttpMethods.Post, "/code-share/{id}/request-wraps", RequestAsync);
    }

    private async Task CreateAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadAsync(context) is not { } body)
        {
            metrics.Refused("size");
            return;
        }

        var status = ShareReader.ReadShare(new ReadOnlySequence<byte>(body), _settings.MaxWraps, !_settings.DropFullFileContent, out var share);
        var now = time.GetUtcNow();
        if (share is null || share.ExpiresAt <= now)
        {
            await RefuseAsync(context, status);
            return;
        }

        var creation = await shares.CreateAsync(
            new NewShare(
                caller.UserId,
                share.TeamId,
                share.Ciphertext,
                share.Iv,
                share.Aad,
                share.Metadata,
                share.WholeMetadata,
                Stored(share.Wraps),
                share.Lifetime is { } lifetime ? now + lifetime : share.ExpiresAt),
            _limits,
            names => Compose(share, caller.UserId, names),
            context.RequestAborted);
        if (creation.Event is null)
        {
            await RefuseAsync(context, creation.Status);
            return;
        }

        feed.Publish(creation.Event);
        metrics.Created(share.TeamId is null, share.Wraps.Count, body.Length);
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer => writer.WriteString("id"u8, creation.Id));
    }

    private async Task ShowAsync(HttpContext context, SharingCaller caller) =>
        await answers.WriteShareAsync(context, SharingPath.Value(context, "id"), caller.UserId);

    private async Task AppendAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadAsync(context) is not { } body)
        {
            metrics.Refused("size");
            return;
        }

        var status = ShareReader.ReadWraps(new ReadOnlySequence<byte>(body), _settings.MaxWraps, out var wraps);
        if (wraps is null)
        {
            await RefuseAsync(context, status);
            return;
        }

        var outcome = await shares.AppendWrapsAsync(SharingPath.Value(context, "id"), caller.UserId, Stored(wraps), _limits, context.RequestAborted);
        if (outcome != ShareWriteStatus.Done)
        {
            await RefuseAsync(context, outcome);
            return;
        }

        metrics.Appended(wraps.Count, body.Length);
        await SharingAnswer.WriteOkAsync(context);
    }

    private async Task RequestAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        if (!ShareReader.TryReadRequest(new ReadOnlySequence<byte>(body), out var deviceId))
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        var id = SharingPath.Value(context, "id");
        var text = SharingEventWriter.WrapsRequested(caller.UserId, deviceId, id).ToText();
        await AnswerAsync(context, await shares.RequestWrapsAsync(id, caller.UserId, text, context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context, SharingCaller caller)
    {
        var id = SharingPath.Value(context, "id");
        var outcome = await shares.DeleteAsync(
            id, caller.UserId, team => SharingEventWriter.SnippetDeleted(id, team).ToText(), context.RequestAborted);
        if (outcome.Status == ShareWriteStatus.Done)
        {
            metrics.Deleted();
        }

        await AnswerAsync(context, outcome);
    }

    private async Task ListTeamAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharesPaging.ReadAsync(context) is { } page)
        {
            var teamId = context.Request.Query["teamId"].ToString();
            await SharesAnswers.WriteListAsync(
                context, await shares.ListTeamAsync(caller.UserId, teamId.Length == 0 ? null : teamId, page, context.RequestAborted));
        }
    }

    private async Task ListByAuthorAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharesPaging.ReadAsync(context) is { } page)
        {
            await SharesAnswers.WriteListAsync(
                context,
                await shares.ListByAuthorAsync(
                    caller.UserId, SharingPath.Value(context, "teamId"), SharingPath.Value(context, "userId"), page, context.RequestAborted));
        }
    }

    private async Task ListDirectAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharesPaging.ReadAsync(context) is { } page)
        {
            await SharesAnswers.WriteListAsync(
                context, await shares.ListDirectAsync(caller.UserId, SharingPath.Value(context, "userId"), page, context.RequestAborted));
        }
    }

    private async Task ListMissingAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharesPaging.ReadAsync(context) is { } page)
        {
            await SharesAnswers.WriteMissingAsync(context, await shares.ListMissingAsync(caller.UserId, page, context.RequestAborted));
        }
    }

    private Task AnswerAsync(HttpContext context, ShareOutcome outcome)
    {
        if (outcome.Event is null)
        {
            return RefuseAsync(context, outcome.Status);
        }

        feed.Publish(outcome.Event);
        return SharingAnswer.WriteOkAsync(context);
    }

    private Task RefuseAsync(HttpContext context, ShareReadStatus status)
    {
        if (status == ShareReadStatus.TooManyWraps)
        {
            return RefuseAsync(context, ShareWriteStatus.TooManyWraps);
        }

        metrics.Refused("invalid");
        return SharingBody.WriteInvalidAsync(context);
    }

    private Task RefuseAsync(HttpContext context, ShareWriteStatus status)
    {
        var (statusCode, error, reason) = status switch
        {
            ShareWriteStatus.NotFound => (StatusCodes.Status404NotFound, "Not Found", "not_found"),
            ShareWriteStatus.TooManyWraps => (StatusCodes.Status413PayloadTooLarge, "Too many wrapped keys", "wraps"),
            ShareWriteStatus.QuotaExceeded => (StatusCodes.Status413PayloadTooLarge, "Storage quota exceeded", "quota"),
            ShareWriteStatus.UnknownRecipient => (StatusCodes.Status403Forbidden, "Forbidden", "recipient"),
            _ => (StatusCodes.Status403Forbidden, "Forbidden", "forbidden"),
        };
        metrics.Refused(reason);
        return SharingAnswer.WriteErrorAsync(context, statusCode, error);
    }

    private static ShareWraps Stored(WrappedKeys wraps) =>
        new(wraps.Text, wraps.Count, [.. wraps.Recipients.Select(static recipient => new ShareRecipient(recipient.UserId, recipient.DeviceId))]);

    private static SharingEventText Compose(ShareBody share, string authorId, ShareNames names) =>
        SharingEventWriter.SnippetCreated(
            names.Id,
            share.Title,
            authorId,
            names.AuthorName,
            share.Wraps.Recipients.Select(static recipient => recipient.UserId).Distinct(StringComparer.Ordinal),
            share.TeamId,
            names.TeamName,
            names.FirstRecipientName).ToText();
}
