using System.Text;

namespace PeerSync.Tests.TestKit;

/// <summary>What becomes of a message on its way through a hostile network, the same in every run: for parsers, which must survive all of it.</summary>
internal static class Mutations
{
    private const int LongestRandom = 64;

    /// <summary>The message with one to three of its bytes replaced, mostly by such as mean something in JSON.</summary>
    /// <param name="message">A whole message.</param>
    /// <param name="rounds">How many to make.</param>
    /// <param name="alphabet">What the replacing bytes are mostly taken from; null for JSON's own.</param>
    public static IEnumerable<byte[]> Changed(string message, int rounds, string? alphabet = null)
    {
        var random = new Random(7);
        var original = Encoding.UTF8.GetBytes(message);
        var likely = Encoding.UTF8.GetBytes(alphabet ?? "{}[]\",:\\u0 e1-.");
        for (var round = 0; round < rounds; round++)
        {
            var bytes = original.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : likely[random.Next(likely.Length)];
            }

            yield return bytes;
        }
    }

    /// <summary>The message without one of its parts, and with one of its parts again at another place; two for each round.</summary>
    /// <param name="message">A whole message.</param>
    /// <param name="rounds">How many pairs to make.</param>
    public static IEnumerable<byte[]> LeftOutOrDoubled(string message, int rounds)
    {
        var random = new Random(11);
        for (var round = 0; round < rounds; round++)
        {
            var start = random.Next(message.Length);
            var end = random.Next(start, message.Length);
            yield return Encoding.UTF8.GetBytes(message.Remove(start, end - start));
            yield return Encoding.UTF8.GetBytes(message.Insert(random.Next(message.Length), message[start..end]));
        }
    }

    /// <summary>Bytes that are no message.</summary>
    /// <param name="rounds">How many to make.</param>
    /// <param name="shortest">The least bytes of one.</param>
    public static IEnumerable<byte[]> Noise(int rounds, int shortest = 0)
    {
        var random = new Random(13);
        for (var round = 0; round < rounds; round++)
        {
            var bytes = new byte[random.Next(shortest, LongestRandom)];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }
}
