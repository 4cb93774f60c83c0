using System.Reflection;

namespace PeerSync.Host;

/// <summary>The version that this binary was built as.</summary>
internal static class ServerVersion
{
    internal static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
