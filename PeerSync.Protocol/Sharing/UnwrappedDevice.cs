namespace PeerSync.Protocol.Sharing;

/// <summary>A device that misses a wrapped key, and what is needed to make one.</summary>
/// <param name="UserId">Whose device it is.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="EncryptionKey">Its public key: the text of a JSON Web Key.</param>
/// <param name="Fingerprint">The key's thumbprint (RFC 7638), to be compared by people.</param>
public sealed record UnwrappedDevice(string UserId, string DeviceId, string EncryptionKey, string Fingerprint);
