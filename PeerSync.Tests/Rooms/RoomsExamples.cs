using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>The pages of docs/spec/rooms.md, word for word but for the server's addresses.</summary>
internal static class RoomsExamples
{
    private const string Http = "http://localhost:3000";
    private const string Signaling = "ws://localhost:3001";

    /// <summary>A page.</summary>
    /// <param name="heading">The heading that the example stands below, which names the form.</param>
    /// <param name="host">The server that it is to use.</param>
    internal static string Read(string heading, PeerSyncTestHost host)
    {
        var lines = File.ReadLines(FindSpecification())
            .SkipWhile(line => line != heading)
            .SkipWhile(static line => line != "```html")
            .Skip(1)
            .TakeWhile(static line => line != "```");
        var page = string.Join('\n', lines);
        Assert.Contains(Http, page, StringComparison.Ordinal);
        Assert.Contains(Signaling, page, StringComparison.Ordinal);
        return page
            .Replace(Http, $"http://{host.Server.Addresses[0].Authority}", StringComparison.Ordinal)
            .Replace(Signaling, $"ws://{host.Server.Addresses[1].Authority}", StringComparison.Ordinal);
    }

    private static string FindSpecification()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "docs", "spec", "rooms.md");
    }
}
