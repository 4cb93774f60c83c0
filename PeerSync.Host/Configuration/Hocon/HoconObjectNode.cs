namespace PeerSync.Host.Configuration.Hocon;

/// <summary>An object literal.</summary>
internal sealed class HoconObjectNode(HoconOrigin origin) : HoconNode(origin)
{
    public OrderedDictionary<string, HoconField> Fields { get; } = [];

    /// <summary>Assigns a value to a path below this object.</summary>
    /// <param name="path">The path, not empty.</param>
    /// <param name="node">The value; owned by this object from here on.</param>
    public void Assign(ReadOnlySpan<string> path, HoconNode node)
    {
        for (var i = path.Length - 1; i > 0; i--)
        {
            var parent = new HoconObjectNode(node.Origin);
            parent.FieldFor(path[i]).Assign(node);
            node = parent;
        }

        FieldFor(path[0]).Assign(node);
    }

    /// <summary>Assigns all fields of another object over those of this one.</summary>
    /// <param name="upper">The other object; owned by this one from here on.</param>
    public void Merge(HoconObjectNode upper)
    {
        foreach (var (key, field) in upper.Fields)
        {
            var target = FieldFor(key);
            for (var i = 0; i < field.Count; i++)
            {
                target.Assign(field[i]);
            }
        }
    }

    /// <summary>An object that can be changed without changing this one.</summary>
    public HoconObjectNode Copy()
    {
        var copy = new HoconObjectNode(Origin);
        foreach (var (key, field) in Fields)
        {
            copy.Fields.Add(key, field.Copy());
        }

        return copy;
    }

    private HoconField FieldFor(string key)
    {
        if (!Fields.TryGetValue(key, out var field))
        {
            field = new HoconField();
            Fields.Add(key, field);
        }

        return field;
    }
}
