using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PeerSync.Tests.TestKit;

/// <summary>A tab of a headless Chromium with a document in it. Closed when disposed.</summary>
internal sealed class ChromiumPage : IAsyncDisposable
{
    // Browsers start slowly on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private readonly Chromium _browser;
    private readonly string _target;
    private readonly string _session;

    private ChromiumPage(Chromium browser, string target, string session)
    {
        _browser = browser;
        _target = target;
        _session = session;
    }

    /// <summary>Exceptions that nobody caught, errors on the console and what the security policy has kept from happening, in order.</summary>
    internal IReadOnlyList<string> Faults => [.. _faults];

    /// <summary>What the page has asked for, in order, the document itself first.</summary>
    internal IReadOnlyList<Uri> Requests => [.. _requests];

    internal static async Task<ChromiumPage> OpenAsync(Chromium browser, Uri address)
    {
        var created = await browser.CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var target = (string)created["targetId"]!;
        var attached = await browser.CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true });
        var page = new ChromiumPage(browser, target, (string)attached["sessionId"]!);
        try
        {
            browser.Listen(page._session, page.OnEvent);
            await page.CallAsync("Runtime.enable");
            await page.CallAsync("Network.enable");
            await page.CallAsync("Log.enable");
            var navigated = await page.CallAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });
            Assert.True(navigated["errorText"] is null, $"{address}: {navigated["errorText"]}");
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of a script's last expression, awaited if it is a promise; null for <c>undefined</c>.</summary>
    internal async Task<JsonNode?> EvaluateAsync(string script)
    {
        var answer = await CallAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, $"'{script}' threw {Describe(answer["exceptionDetails"])}");
        return answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>What the document shows.</summary>
    internal async Task<string> ReadTextAsync() => (string)(await EvaluateAsync("document.body.innerText"))!;

    /// <summary>Waits until an expression is true.</summary>
    /// <param name="condition">The expression, which must be a boolean.</param>
    /// <param name="expectation">What is said where it stays false.</param>
    internal async Task WaitForAsync(string condition, string expectation)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(bool)(await EvaluateAsync(condition))!)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                Assert.Fail(
                    $"Waited {Patience.TotalSeconds} s for {expectation}. The page shows '{await ReadTextAsync()}'. "
                    + $"Its faults: {string.Join(Environment.NewLine, Faults)}");
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Ignore(_session);
        await _browser.CallAsync("Target.closeTarget", new JsonObject { ["targetId"] = _target });
    }

    private static string Describe(JsonNode? details) =>
        (string?)details?["exception"]?["description"] ?? details?.ToJsonString() ?? string.Empty;

    private Task<JsonObject> CallAsync(string method, JsonObject? parameters = null) => _browser.CallAsync(method, parameters, _session);

    private void OnEvent(string name, JsonObject parameters)
    {
        if (name == "Runtime.exceptionThrown")
        {
            _faults.Enqueue(Describe(parameters["exceptionDetails"]));
        }
        else if (name == "Runtime.consoleAPICalled" && (string?)parameters["type"] == "error")
        {
            _faults.Enqueue(parameters["args"]!.ToJsonString());
        }
        else if (name == "Log.entryAdded" && (string?)parameters["entry"]!["source"] == "security")
        {
            _faults.Enqueue(parameters["entry"]!.ToJsonString());
        }
        else if (name == "Network.requestWillBeSent")
        {
            _requests.Enqueue(new Uri((string)parameters["request"]!["url"]!));
        }
    }
}
