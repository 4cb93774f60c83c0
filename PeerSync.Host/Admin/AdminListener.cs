namespace PeerSync.Host.Admin;

/// <summary>Marks connections that came in on the admin listener; a connection feature, so that every request on them carries it.</summary>
internal sealed class AdminListener
{
    private AdminListener()
    {
    }

    internal static AdminListener Instance { get; } = new();

    /// <summary>Whether a request came in on the admin listener.</summary>
    internal static bool Serves(HttpContext context) => context.Features.Get<AdminListener>() is not null;
}
