namespace PeerSync.Host.Sharing.Resp;

/// <summary>Where the listener for Redis's protocol is, once it is open: the system chooses the port where 0 was asked for.</summary>
/// <param name="isWanted">Whether there shall be one.</param>
/// <param name="usesTls">Whether it speaks TLS.</param>
internal sealed class RespAddress(bool isWanted, bool usesTls)
{
    private Uri? _value;

    internal bool IsWanted { get; } = isWanted;

    internal bool UsesTls { get; } = usesTls;

    /// <summary>For example <c>redis://127.0.0.1:6380</c>; null where it is not open.</summary>
    internal Uri? Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }
}
