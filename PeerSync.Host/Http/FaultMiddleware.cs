using PeerSync.Storage;

namespace PeerSync.Host.Http;

/// <summary>Turns exceptions, unknown routes and wrong methods into the error envelopes that clients know.</summary>
internal sealed partial class FaultMiddleware(RequestDelegate next, ILogger<FaultMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to answer and nothing went wrong here.
            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
            return;
        }

        var response = context.Response;
        var isUnanswered = !response.HasStarted && response.ContentType is null && response.ContentLength is null;
        if (isUnanswered && response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
        {
            // Routing answers 405 with a list of methods where the originals know only 404.
            response.Headers.Allow = default;
            await HttpErrors.WriteNoRouteAsync(context);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (context.Response.HasStarted)
        {
            Log.FaultAfterStart(logger, Route(context), exception);
            context.Abort();
            return Task.CompletedTask;
        }

        // The cross-origin headers stay: without them a browser hides the error from the page.
        context.Response.ContentLength = null;
        switch (exception)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return HttpErrors.WriteTooLargeAsync(context);
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest }:
                return HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Malformed request body");
            case BadHttpRequestException bad:
                return HttpErrors.WriteAsync(context, bad.StatusCode, "Request refused");
            case StorageUnavailableException:
                Log.StorageUnavailable(logger, Route(context), exception);
                return HttpErrors.WriteUnavailableAsync(context);
            default:
                Log.UnhandledFault(logger, Route(context), exception);
                return HttpErrors.WriteInternalAsync(context);
        }
    }

    /// <summary>The route's name rather than the path, which may hold what must not be logged.</summary>
    private static string Route(HttpContext context) => context.GetEndpoint()?.DisplayName ?? context.Request.Method;
}
