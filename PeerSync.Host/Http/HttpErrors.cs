using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace PeerSync.Host.Http;

/// <summary>Writes error answers. Every text is fixed: nothing of an exception or a parser reaches a client.</summary>
internal static class HttpErrors
{
    /// <summary>The framework's envelope: message, status in words, status.</summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="message">A readable sentence.</param>
    public static Task WriteAsync(HttpContext context, int statusCode, string message)
    {
        var envelope = new ErrorEnvelope(message, ReasonPhrases.GetReasonPhrase(statusCode), statusCode);
        return JsonAnswer.WriteAsync(context, statusCode, envelope, HttpJson.Wire.ErrorEnvelope);
    }

    /// <summary>404 for a route or a method that does not exist.</summary>
    public static Task WriteNoRouteAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, $"Cannot {context.Request.Method} {PathAsSent(context)}");

    /// <summary>413 for a body above the limit.</summary>
    public static Task WriteTooLargeAsync(HttpContext context) =>
        WriteBareAsync(context, StatusCodes.Status413PayloadTooLarge, "request entity too large");

    /// <summary>429 with the time to wait, rounded up to whole seconds.</summary>
    public static Task WriteTooManyRequestsAsync(HttpContext context, TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests, please try again later");
    }

    /// <summary>500 for a fault of ours.</summary>
    public static Task WriteInternalAsync(HttpContext context) =>
        WriteBareAsync(context, StatusCodes.Status500InternalServerError, "Internal server error");

    /// <summary>503 for a service that this server depends on and that does not answer.</summary>
    public static Task WriteUnavailableAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Service temporarily unavailable");

    private static Task WriteBareAsync(HttpContext context, int statusCode, string message) =>
        JsonAnswer.WriteAsync(context, statusCode, new BareErrorEnvelope(statusCode, message), HttpJson.Wire.BareErrorEnvelope);

    /// <summary>The path before decoding, without the query, which may hold a token that does not belong into an error text.</summary>
    private static string PathAsSent(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target is null || !target.StartsWith('/'))
        {
            return context.Request.Path.Value is { Length: > 0 } path ? path : "/";
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
