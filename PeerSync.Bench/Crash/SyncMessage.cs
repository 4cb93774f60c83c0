namespace PeerSync.Bench.Crash;

/// <summary>What the devices say.</summary>
internal static class SyncMessage
{
    public static string Of(string type, string payload) => $"{{\"type\":\"{type}\",\"payload\":{payload}}}";

    public static string Event(SentEvent sent) => Of("event", sent.ToJson());

    public static string Ack(long deviceSeq) => Of("ack", $"{{\"device_seq\":{deviceSeq}}}");

    /// <summary>Asks for a page of what was missed; the token of the page before it asks for the next one.</summary>
    public static string ReplayRequest(int limit, string? token) =>
        Of("replay_request", token is null ? $"{{\"limit\":{limit}}}" : $"{{\"limit\":{limit},\"continuation_token\":\"{token}\"}}");
}
