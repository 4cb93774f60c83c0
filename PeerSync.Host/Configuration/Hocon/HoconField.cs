namespace PeerSync.Host.Configuration.Hocon;

/// <summary>The values assigned to one key, oldest first. Kept apart as long as an older one may still matter.</summary>
internal sealed class HoconField
{
    private readonly List<HoconNode> _assignments = [];

    public int Count => _assignments.Count;

    public HoconNode this[int index] => _assignments[index];

    /// <summary>Assigns a value over those before. An object literal may become merged into the one before it.</summary>
    /// <param name="node">The value; owned by the field from here on.</param>
    public void Assign(HoconNode node)
    {
        switch (node)
        {
            case HoconScalarNode or HoconArrayNode:
                _assignments.Clear();
                _assignments.Add(node);
                break;
            case HoconObjectNode upper when _assignments is [.., HoconObjectNode lower]:
                lower.Merge(upper);
                break;
            case HoconObjectNode when _assignments is [.., HoconScalarNode or HoconArrayNode]:
                _assignments.Clear();
                _assignments.Add(node);
                break;
            default:
                _assignments.Add(node);
                break;
        }
    }

    /// <summary>A field that can be changed without changing this one.</summary>
    public HoconField Copy()
    {
        var copy = new HoconField();
        foreach (var node in _assignments)
        {
            copy._assignments.Add(node is HoconObjectNode value ? value.Copy() : node);
        }

        return copy;
    }
}
