using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>The people of the recordings.</summary>
internal static class Transcripts
{
    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    /// <summary>Loads a recording and gives its people ids and tokens.</summary>
    internal static Transcript Load(PeerSyncTestHost host, string name)
    {
        var transcript = Transcript.Load(host, name);
        foreach (var person in Names)
        {
            var displayName = char.ToUpperInvariant(person[0]) + person[1..];
            transcript.Bind(person + "Id", IdOf(person)).Bind(person + "Token", host.Token(IdOf(person), displayName, $"{person}@example.test"));
        }

        return transcript;
    }

    internal static string IdOf(string person) => $"00000000-0000-4000-8000-00000000000{Array.IndexOf(Names, person) + 1}";

    internal static string EmailOf(string userId) => $"{Names[userId[^1] - '1']}@example.test";
}
