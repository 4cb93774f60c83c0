namespace PeerSync.Host.Identity;

/// <summary>The identity settings cannot be used. Holds every fault that was found, in words for the operator and without any key.</summary>
internal sealed class IdentityConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IdentityConfigurationException(string fault)
        : this([fault])
    {
    }

    /// <summary>One sentence a fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
