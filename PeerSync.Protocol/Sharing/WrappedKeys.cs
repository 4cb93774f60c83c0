namespace PeerSync.Protocol.Sharing;

/// <summary>Wrapped keys as one request brought them (Sharing contract, section 5).</summary>
/// <param name="Text">
/// The inside of a JSON array, without white space: the keys in their order, also those that come twice, with the members that the contract names and no others.
/// </param>
/// <param name="Count">How many there are.</param>
/// <param name="Recipients">For whom they are: each device once, in the order of its first key.</param>
public sealed record WrappedKeys(string Text, int Count, IReadOnlyList<WrapRecipient> Recipients);
