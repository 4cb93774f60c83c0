using System.Text;
using PeerSync.Storage;

namespace PeerSync.Tests.Storage;

public sealed class StorableTextTests
{
    [Fact]
    public void Text_can_be_stored_unless_it_has_a_zero_or_half_a_pair()
    {
        // Not theory data: attributes and test names are kept in UTF-8, which has no half pairs.
        string[] storable = ["", "plain \u00FC \u4E00", "\U0001F600\U0001F600x\U0001F600"];
        string[] unstorable = ["a\0", "\uD83D", "\uDE00\uD83D", "\U0001F600\uD83D", "\U0001F600\uDE00x"];

        Assert.All(storable, text => Assert.True(StorableText.IsStorable(text)));
        Assert.All(unstorable, text => Assert.False(StorableText.IsStorable(text)));
    }

    [Fact]
    public void Cleaning_replaces_just_what_cannot_be_stored()
    {
        Assert.Null(StorableText.Clean(null));
        Assert.Equal("\uFFFDa\uFFFDb\U0001F600\uFFFD", StorableText.Clean("\0a\uD83Db\U0001F600\uDE00"));
        const string Good = "good \U0001F600";
        Assert.Same(Good, StorableText.Clean(Good));
    }

    [Fact]
    public void Whatever_comes_in_what_comes_out_survives_UTF8_and_is_left_alone_the_second_time()
    {
        var random = new Random(23);
        for (var round = 0; round < 20_000; round++)
        {
            // Mostly surrogates and zeros, which is where mistakes would be.
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(4) switch
            {
                0 => (char)random.Next(0xD800, 0xDC00),
                1 => (char)random.Next(0xDC00, 0xE000),
                2 => '\0',
                _ => (char)random.Next(1, 0xD800),
            }));

            var clean = StorableText.Clean(text)!;

            Assert.Equal(clean, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)));
            Assert.DoesNotContain('\0', clean);
            Assert.Equal(StorableText.IsStorable(text), clean == text);
            Assert.True(StorableText.IsStorable(clean));
        }
    }
}
