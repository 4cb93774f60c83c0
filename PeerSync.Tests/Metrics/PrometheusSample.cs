namespace PeerSync.Tests.Metrics;

/// <summary>One line of a page.</summary>
internal sealed record PrometheusSample(string Name, IReadOnlyList<(string Key, string Value)> Labels, double Value)
{
    /// <summary>The name with the labels in a fixed order.</summary>
    public string Identity => Name + Text(Labels);

    public string Label(string key) => Labels.Single(label => label.Key == key).Value;

    /// <summary>The labels without one of them.</summary>
    public string IdentityWithout(string key) => Text(Labels.Where(label => label.Key != key));

    private static string Text(IEnumerable<(string Key, string Value)> labels) =>
        string.Concat(labels.OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"|{label.Key}={label.Value}"));
}
