namespace PeerSync.Host.Configuration.Hocon;

/// <summary>White space between the parts of a concatenation: text between simple values, nothing between arrays or objects.</summary>
internal sealed class HoconWhitespaceNode(string text, HoconOrigin origin) : HoconNode(origin)
{
    public string Text { get; } = text;
}
