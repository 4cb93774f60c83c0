using System.Net;
using System.Net.Http.Headers;

namespace PeerSync.Tests.Sharing;

/// <summary>A client of server-sent events.</summary>
internal sealed class EventStreamClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStreamClient(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    /// <summary>What the client would name when it came back.</summary>
    internal string? LastEventId { get; private set; }

    internal static async Task<EventStreamClient> OpenAsync(SharingTestHost host, SharingTestUser user, string? lastEventId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{SharingTestHost.Base}/protected/realtime{query}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Access);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        return new EventStreamClient(response, new StreamReader(stream));
    }

    /// <summary>The next event's data; null where the stream has ended.</summary>
    internal async Task<string?> NextAsync()
    {
        string? data = null;
        while (true)
        {
            string? line;
            try
            {
                line = await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for a line of the stream.");
            }
            catch (IOException)
            {
                // Cut by the server.
                return null;
            }

            switch (line)
            {
                case null:
                    return null;
                case "" when data is not null:
                    return data;
                case { } text when text.StartsWith("data: ", StringComparison.Ordinal):
                    data = text["data: ".Length..];
                    break;
                case { } text when text.StartsWith("id: ", StringComparison.Ordinal):
                    LastEventId = text["id: ".Length..];
                    break;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
