namespace PeerSync.Host.Sharing;

/// <summary>GitHub has not said who somebody is.</summary>
/// <param name="statusCode">What the client is answered: 401 and 403 where GitHub refuses, 502 where it does not answer.</param>
/// <param name="error">What the client is told; a fixed text.</param>
/// <param name="result">The same for metrics and the audit log: one of a few fixed words.</param>
/// <param name="innerException">What has happened on the way, if anything.</param>
internal sealed class GitHubException(int statusCode, string error, string result, Exception? innerException = null) : Exception(error, innerException)
{
    /// <summary>The answer's status.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>The answer's text.</summary>
    public string Error { get; } = error;

    /// <summary>The word for what became of the login.</summary>
    public string Result { get; } = result;
}
