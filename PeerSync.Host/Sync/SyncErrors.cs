using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>Writes error answers in the forms that the Sync clients know. Every text is fixed.</summary>
internal static class SyncErrors
{
    /// <summary>The short form: a text alone.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, string error) =>
        WriteAsync(context, statusCode, new SyncError(error));

    /// <summary>A text with a code, and a sentence for people.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, string error, string code, string? message = null) =>
        WriteAsync(context, statusCode, new SyncError(error, code, message));

    /// <summary>401 for a token that does not hold.</summary>
    public static Task WriteInvalidTokenAsync(HttpContext context, string message) =>
        WriteAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized", "INVALID_TOKEN", message);

    /// <summary>404 for a method that a route does not have.</summary>
    public static Task WriteNotFoundAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, new SyncError("Not found", "NOT_FOUND", Path: context.Request.Path.Value));

    /// <summary>400 or 413 for a body that was not read.</summary>
    public static Task WriteBadBodyAsync(HttpContext context, BadHttpRequestException exception)
    {
        var error = exception.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => new SyncError("request entity too large", "PAYLOAD_TOO_LARGE", StatusCode: exception.StatusCode),
            StatusCodes.Status400BadRequest => new SyncError("Malformed request body", "INVALID_BODY", StatusCode: exception.StatusCode),
            _ => new SyncError("Request refused", "BAD_REQUEST", StatusCode: exception.StatusCode),
        };
        return WriteAsync(context, exception.StatusCode, error);
    }

    /// <summary>500 for a fault of ours.</summary>
    public static Task WriteInternalAsync(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status500InternalServerError,
        new SyncError("An internal error occurred", "INTERNAL_ERROR", StatusCode: StatusCodes.Status500InternalServerError));

    private static Task WriteAsync(HttpContext context, int statusCode, SyncError error) =>
        JsonAnswer.WriteAsync(context, statusCode, error, SyncJson.Camel.SyncError);
}
