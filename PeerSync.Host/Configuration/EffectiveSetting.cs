using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>One setting as it holds.</summary>
/// <param name="Path">Its path, elements of lists by their index.</param>
/// <param name="Value">Its value in HOCON; secrets are masked.</param>
/// <param name="Origin">Where the value was written.</param>
internal sealed record EffectiveSetting(string Path, string Value, HoconOrigin Origin);
