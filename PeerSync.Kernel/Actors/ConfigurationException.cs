namespace PeerSync.Kernel;

/// <summary>The settings do not hold what was asked for.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public ConfigurationException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
