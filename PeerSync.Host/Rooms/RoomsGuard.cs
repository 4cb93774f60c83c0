namespace PeerSync.Host.Rooms;

/// <summary>Words the faults of this feature's routes as its clients know them.</summary>
internal sealed partial class RoomsGuard(TimeProvider time, ILogger<RoomsGuard> logger)
{
    /// <summary>A handler that answers its faults itself.</summary>
    public RequestDelegate Wrap(RequestDelegate handler) => context => RunAsync(context, handler);

    /// <summary>404 for a route or a method that does not exist.</summary>
    public Task WriteNoRouteAsync(HttpContext context) => RoomsAnswer.WriteErrorAsync(
        context, StatusCodes.Status404NotFound, time, "Not found", writer => writer.WriteString("path"u8, context.Request.Path.Value));

    private async Task RunAsync(HttpContext context, RequestDelegate handler)
    {
        try
        {
            await handler(context);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to answer and nothing went wrong here.
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            var isTooLarge = exception.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await RoomsAnswer.WriteErrorAsync(
                context,
                isTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
                time,
                isTooLarge ? "Payload too large" : "Invalid JSON",
                static writer => writer.WriteString("message"u8, "The request body could not be read"));
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.Fault(logger, context.GetEndpoint()?.DisplayName ?? context.Request.Method, exception);
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status500InternalServerError, time, "Internal server error");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Route} failed.", EventName = "RoomsRequestFailed")]
        public static partial void Fault(ILogger logger, string route, Exception exception);
    }
}
