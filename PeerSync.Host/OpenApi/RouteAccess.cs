namespace PeerSync.Host.OpenApi;

/// <summary>What a route wants to see of its callers.</summary>
internal enum RouteAccess
{
    /// <summary>Nothing.</summary>
    Open,

    /// <summary>A bearer token of the route's feature.</summary>
    Bearer,

    /// <summary>A bearer token, where there is one: it shows or allows more.</summary>
    OptionalBearer,

    /// <summary>A bearer token, or the caller's public key from an address that has an authenticated socket of it.</summary>
    Named,

    /// <summary>The operator's key, in its own header or as a bearer.</summary>
    AdminKey,

    /// <summary>A moderator's bearer token, or a device's beside the moderators' key.</summary>
    Moderator,
}
