using Microsoft.AspNetCore.Http.Metadata;

namespace PeerSync.Host.Http;

/// <summary>
/// Refuses a body that announces itself as too large before anything else is done; routes with a limit of their own refuse it themselves.
/// <see cref="RequestBody"/> stops the ones that do not.
/// </summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next, PeerSyncHttpOptions options)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.ContentLength > options.BodyLimit && context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null
            ? HttpErrors.WriteTooLargeAsync(context)
            : next(context);
}
