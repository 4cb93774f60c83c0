using System.Text.RegularExpressions;
using PeerSync.Actors.Rooms;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Tests.Protocol.Rooms;

// docs/spec/rooms.md is a contract: its tables are held against the code.
public sealed partial class RoomsSpecificationTests
{
    private static readonly string[] Lines = ReadSpecification();

    [Fact]
    public void The_error_table_holds_every_code_and_every_text_and_no_other()
    {
        var rows = Section("## 9.").Where(static l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(static l => l.Split('|'))
            .Select(static c => new RoomsError(c[1].Trim().Trim('`'), c[2].Trim().Trim('`')))
            .ToList();
        var errors = typeof(RoomsError).GetProperties().Where(static p => p.PropertyType == typeof(RoomsError)).Select(static p => (RoomsError)p.GetValue(null)!).ToList();
        Assert.Equal(errors.Select(static e => e.ToString()).Order(), rows.Select(static e => e.ToString()).Order());
        Assert.Equal(errors.Count, errors.Select(static e => e.Text).Distinct().Count());
    }

    [Fact]
    public void Every_client_type_that_is_named_is_known_and_every_known_type_is_named()
    {
        var named = new[] { "## 4.", "## 5.", "## 6.", "## 7." }
            .SelectMany(Section)
            .Where(static l => l.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(static l => Type().Matches(l.Split('|')[1]).Select(static m => m.Groups[1].Value))
            .Distinct()
            .ToList();
        var types = named.Select(static name => RoomsCalls.Frame($$"""{"type":"{{name}}"}""").Type).ToList();
        Assert.DoesNotContain(RoomsFrameType.Unknown, types);
        Assert.Equal(Enum.GetValues<RoomsFrameType>().Except([RoomsFrameType.None, RoomsFrameType.Unknown]).Order(), types.Distinct().Order());
    }

    [Fact]
    public void The_limits_are_those_of_the_code()
    {
        var page = string.Join('\n', Lines);
        Assert.Contains($"1 to {RoomsText.MaxNameLength} UTF-16 units", page, StringComparison.Ordinal);
        Assert.Contains($"cut at {RoomsText.MaxLabelLength} units", page, StringComparison.Ordinal);
        Assert.Contains($"{RoomsClose.Timeout.Code} `{RoomsClose.Timeout.Reason}`", page, StringComparison.Ordinal);
        Assert.Contains($"{RoomsClose.TokenRevoked.Code} `{RoomsClose.TokenRevoked.Reason}`", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Type();

    private static IEnumerable<string> Section(string heading) =>
        Lines.SkipWhile(l => !l.StartsWith(heading, StringComparison.Ordinal)).Skip(1).TakeWhile(static l => !l.StartsWith("## ", StringComparison.Ordinal));

    private static string[] ReadSpecification()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "spec", "rooms.md"));
    }
}
