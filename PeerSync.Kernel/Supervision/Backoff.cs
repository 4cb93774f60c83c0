namespace PeerSync.Kernel;

/// <summary>Options of a <see cref="BackoffSupervisor"/>.</summary>
public static class Backoff
{
    /// <summary>Starts the child again, after a growing delay, when it has failed. When it stops by itself, so does the supervisor.</summary>
    /// <param name="childProps">How to create the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay; positive.</param>
    /// <param name="maxBackoff">The longest delay; not less than the first.</param>
    /// <param name="randomFactor">How much of the delay is added at random: 0.2 adds up to a fifth; from 0 to 1.</param>
    /// <param name="maxNrOfRetries">How often the child is started again before the supervisor stops; negative for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static BackoffOptions OnFailure(
        Props childProps,
        string childName,
        TimeSpan minBackoff,
        TimeSpan maxBackoff,
        double randomFactor,
        int maxNrOfRetries = -1) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, onStop: false);

    /// <summary>Starts the child again, after a growing delay, when it has stopped for whatever reason.</summary>
    /// <param name="childProps">How to create the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay; positive.</param>
    /// <param name="maxBackoff">The longest delay; not less than the first.</param>
    /// <param name="randomFactor">How much of the delay is added at random: 0.2 adds up to a fifth; from 0 to 1.</param>
    /// <param name="maxNrOfRetries">How often the child is started again before the supervisor stops; negative for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static BackoffOptions OnStop(
        Props childProps,
        string childName,
        TimeSpan minBackoff,
        TimeSpan maxBackoff,
        double randomFactor,
        int maxNrOfRetries = -1) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, onStop: true);
}
