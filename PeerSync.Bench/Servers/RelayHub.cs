using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace PeerSync.Bench.Servers;

/// <summary>Relays a message to one other connection.</summary>
[Authorize]
internal sealed class RelayHub : Hub
{
    /// <summary>The id under which others reach the caller.</summary>
    public string Register() => Context.ConnectionId;

    public Task Send(string target, string content)
    {
        return Clients.Client(target).SendAsync("MESSAGE_RECEIVED", Context.ConnectionId, content, Context.ConnectionAborted);
    }
}
