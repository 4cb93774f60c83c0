using System.Text.RegularExpressions;
using PeerSync.Actors.Rooms;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>Browsers that find each other through the server and then speak without it. Their pages are the examples of docs/spec/rooms.md.</summary>
public sealed partial class RoomsBrowserTests(BrowserFixture browser)
{
    private const string FormA = "### Form A";
    private const string FormE = "### Form E";

    // A browser on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(FormA, FormA)]
    [InlineData(FormA, FormA, FormA)]
    [InlineData(FormE, FormE)]
    [InlineData(FormE, FormE, FormE)]
    [InlineData(FormA, FormE)]
    [InlineData(FormE, FormA)]
    [InlineData(FormE, FormA, FormE)]
    public async Task EachPairOpensADataChannelAndSpeaksBothWays(params string[] forms)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var pages = new List<ChromiumPage>();
        try
        {
            for (var i = 0; i < forms.Length; i++)
            {
                pages.Add(await browser.OpenAsync(RoomsExamples.Read(forms[i], host)));

                // Who comes first offers, so each waits for the one before it.
                var members = pages.Count;
                await Eventually.TrueAsync(
                    () => host.Get<RoomsCounters>().Members == members,
                    () => $"{members} members; the page's faults: {string.Join(Environment.NewLine, pages[^1].Faults)}",
                    Patience);
            }

            var told = new List<string[]>();
            foreach (var page in pages)
            {
                await page.WaitForAsync(
                    $"document.body.innerText.split('Hello from').length > {forms.Length - 1}", $"greetings of {forms.Length - 1} others");
                var greetings = Greeting().Matches(await page.ReadTextAsync());
                Assert.All(greetings, static greeting => Assert.Equal(greeting.Groups["peer"].Value, greeting.Groups["sender"].Value));
                told.Add([.. greetings.Select(static greeting => greeting.Groups["peer"].Value).Order(StringComparer.Ordinal)]);
            }

            // Each page was told by all but itself, once by each.
            var everybody = told.SelectMany(static names => names).Distinct().Order(StringComparer.Ordinal).ToList();
            Assert.Equal(forms.Length, everybody.Count);
            Assert.Equivalent(everybody.Select(name => everybody.Where(other => other != name).ToArray()), told, strict: true);
            Assert.All(pages, static page => Assert.Empty(page.Faults));
        }
        finally
        {
            foreach (var page in pages)
            {
                await page.DisposeAsync();
            }
        }
    }

    [GeneratedRegex("^(?<peer>[0-9a-f-]{36}): Hello from (?<sender>[0-9a-f-]{36})$", RegexOptions.Multiline)]
    private static partial Regex Greeting();
}
