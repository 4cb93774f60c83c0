using Microsoft.AspNetCore.Http.Metadata;

namespace PeerSync.Host.Sharing;

/// <summary>The largest body of a route, in bytes.</summary>
internal sealed record SharingBodyLimit(long Bytes) : IRequestSizeLimitMetadata
{
    /// <summary>A body above the limit is still read, to throw it away, up to so many times the limit.</summary>
    public const int DrainFactor = 2;

    /// <summary>What routes have that say nothing else.</summary>
    public static SharingBodyLimit Default { get; } = new(256 * 1024);

    /// <summary>For the few keys and names of a request about devices or teams.</summary>
    public static SharingBodyLimit Small { get; } = new(32 * 1024);

    /// <inheritdoc />
    long? IRequestSizeLimitMetadata.MaxRequestBodySize => Bytes;

    /// <summary>That of a request's route.</summary>
    public static SharingBodyLimit Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<SharingBodyLimit>() ?? Default;
}
