namespace PeerSync.Host.Http;

/// <summary>Names the client behind a request without naming its address.</summary>
internal interface IClientAddresses
{
    /// <summary>A text that is equal for requests from one client address and different for others; meaningless outside this process.</summary>
    string Hash(HttpContext context);
}
