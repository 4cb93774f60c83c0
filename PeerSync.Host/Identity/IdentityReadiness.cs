namespace PeerSync.Host.Identity;

/// <summary>Whether tokens can be verified at this moment.</summary>
/// <param name="IsReady">At least one key is usable.</param>
/// <param name="FixedKeyCount">The number of keys that came from the configuration or the data folder.</param>
/// <param name="KeySet">The state of the published keys; null where no identity service is configured.</param>
internal sealed record IdentityReadiness(bool IsReady, int FixedKeyCount, KeySetState? KeySet);
