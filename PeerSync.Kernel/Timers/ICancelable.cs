namespace PeerSync.Kernel;

/// <summary>Takes something back that was ordered. Safe on every thread.</summary>
public interface ICancelable
{
    /// <summary>Whether <see cref="Cancel()"/> was called.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>Is cancelled together with this.</summary>
    CancellationToken Token { get; }

    /// <summary>Cancels; does nothing the second time.</summary>
    void Cancel();
}
