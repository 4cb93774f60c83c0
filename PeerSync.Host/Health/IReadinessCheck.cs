namespace PeerSync.Host.Health;

/// <summary>Asks one thing that the server cannot work without.</summary>
internal interface IReadinessCheck
{
    /// <summary>The member of the answer's <c>checks</c>, in lower case.</summary>
    string Name { get; }

    /// <summary>Asks. An exception counts as not ready.</summary>
    /// <param name="cancellationToken">Ends with the round's deadline.</param>
    ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellationToken);
}
