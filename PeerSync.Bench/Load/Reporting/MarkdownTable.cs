using System.Text;

namespace PeerSync.Bench.Load.Reporting;

/// <summary>A table in Markdown; all columns but the first are set to the right.</summary>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        _rows.Add(cells.Length == columns.Length ? cells : throw new ArgumentException("The row does not fit the columns."));
    }

    /// <summary>The table under its title; empty when it has no rows.</summary>
    public string ToString(string title)
    {
        if (_rows.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        _ = text.Append("### ").AppendLine(title).AppendLine();
        AppendRow(text, columns);
        AppendRow(text, columns.Select((_, i) => i == 0 ? ":---" : "---:"));
        _rows.ForEach(row => AppendRow(text, row));
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells)
    {
        _ = text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
    }
}
