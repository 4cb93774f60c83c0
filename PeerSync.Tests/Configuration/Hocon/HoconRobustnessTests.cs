using System.Text;
using PeerSync.Host.Configuration;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

/// <summary>Whatever a text holds, reading it ends soon, with values or with a <see cref="HoconException"/>.</summary>
public sealed class HoconRobustnessTests
{
    private const string Everything = """
        # comment
        a { b = 1, c : [ 1, two, "th\u0072ee", { d = null } ] } // comment
        a.e += ${a.b}
        "f g".h = ${?ENV} x ${a.b}  "y z"
        i = ${a} { b = 2 }, j = ${i.e} [ 3 ]
        k = <q>multi
         line</q>, l = 10.5e-3
        """;

    private static string Sample => Everything.Replace("<q>", "\"\"\"", StringComparison.Ordinal).Replace("</q>", "\"\"\"", StringComparison.Ordinal);

    [Fact]
    public void A_text_cut_off_anywhere_is_values_or_a_fault()
    {
        // The sample has every form there is; the long text is sampled, since each cut reads it from the beginning.
        foreach (var (text, step) in new[] { (Sample, 1), (PeerSyncConfiguration.ReadDefaults(), 13) })
        {
            Assert.True(TryRead(text));
            for (var length = 0; length < text.Length; length += step)
            {
                TryRead(text[..length]);
            }
        }
    }

    [Fact]
    public void A_text_with_its_beginning_missing_is_values_or_a_fault()
    {
        for (var start = 0; start < Sample.Length; start++)
        {
            TryRead(Sample[start..]);
        }
    }

    [Fact]
    public void A_text_split_between_its_lines_means_the_same_as_two_documents()
    {
        string[] lines =
        [
            "a { b = 1 }", "a.b = ${a.b}2", "c += ${a.b}", "a = ${a} { d = ${c} }", "c += 4", "a.b = null", "a { e = [${?a.x}] }", "c = ${c} [5]",
        ];
        var whole = HoconText.ToJson(string.Join('\n', lines));
        for (var split = 0; split <= lines.Length; split++)
        {
            var lower = HoconDocument.ParseText(string.Join('\n', lines[..split]), "lower");
            var upper = HoconDocument.ParseText(string.Join('\n', lines[split..]), "upper");

            Assert.Equal(whole, HoconText.ToJson(lower.OverriddenBy(upper).Resolve(HoconText.NoEnvironment)));
        }
    }

    [Fact]
    public void A_text_with_any_character_replaced_or_inserted_is_values_or_a_fault()
    {
        const string Suspects = "{}[]=:,\"\\$?.+#/\n \0\ud800é*";
        for (var i = 0; i < Sample.Length; i++)
        {
            foreach (var c in Suspects)
            {
                TryRead(string.Concat(Sample.AsSpan(0, i), c.ToString(), Sample.AsSpan(i + 1)));
                TryRead(string.Concat(Sample.AsSpan(0, i), c.ToString(), Sample.AsSpan(i)));
            }
        }
    }

    [Fact]
    public void Random_texts_are_values_or_a_fault()
    {
        string[] pieces =
        [
            "a", "b", "c", ".", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", " ", "${a}", "${?b}", "${a.b}", "${?c.a}", "1", "null", "\"x\"", "\"\"\"",
            "\"", "include", "#", "//", "$", "\\", "true", "é",
        ];
        var random = new Random(20240607);
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 24); length > 0; length--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            read += TryRead(text.ToString()) ? 1 : 0;
        }

        // Otherwise the pieces only ever test the first fault.
        Assert.InRange(read, 200, 19_000);
    }

    [Fact]
    public void Random_assignments_are_resolved_or_a_fault()
    {
        string[] keys = ["a", "b", "c", "a.b", "b.c", "c.a", "a.b.c"];
        string[] values =
        [
            "1", "x", "[1]", "{ b = 2 }", "{ b = ${c} }", "[${?a}]", "${a}", "${b}", "${?c}", "${?a.b}", "${b.c} {}", "${?a} { c = ${?b.c} }",
            "${?c} [2]", "x${?b}", "null", "${?a}${?b}",
        ];
        var random = new Random(7);
        var resolved = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 8))
                .Select(_ => $"{keys[random.Next(keys.Length)]} {(random.Next(6) == 0 ? "+=" : "=")} {values[random.Next(values.Length)]}");
            resolved += TryRead(string.Join('\n', lines)) ? 1 : 0;
        }

        Assert.InRange(resolved, 2_000, 19_000);
    }

    [Fact]
    public void Random_bytes_in_a_file_are_values_or_a_fault()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "random.conf");
        var random = new Random(42);
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            File.WriteAllBytes(path, bytes);
            try
            {
                HoconDocument.ParseFile(path).Resolve(HoconText.NoEnvironment);
            }
            catch (HoconException e)
            {
                Assert.Equal(path, e.Origin.Source);
            }
        }
    }

    public static TheoryData<string, string> Bombs()
    {
        static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
        static string Lines(int count, Func<int, string> line) => string.Join('\n', Enumerable.Range(1, count).Select(line));
        return new TheoryData<string, string>
        {
            { Repeat("a{", 100_000), "nested more than" },
            { "a=" + Repeat("[", 100_000), "nested more than" },
            { "a" + Repeat(".a", 100_000) + "=1", "more than 100 elements" },
            { "a=${a" + Repeat(".a", 100_000) + "}", "more than 100 elements" },
            { "a=" + Repeat("\"x\" ", 300_000), "longer than" },
            { "include " + Repeat("x ", 500_000), "include must be followed" },
            { "a0=xxxxxxxx\n" + Lines(60, i => $"a{i}=${{a{i - 1}}}${{a{i - 1}}}"), "too large" },
            { "a0=[x]\n" + Lines(60, i => $"a{i}=${{a{i - 1}}}${{a{i - 1}}}"), "too large" },
            { "a0=[x]\n" + Lines(60, i => $"a{i}=[${{a{i - 1}}},${{a{i - 1}}}]"), "too large" },
            { "a0={x=1}\n" + Lines(60, i => $"a{i}={{l=${{a{i - 1}}},r=${{a{i - 1}}}}}"), "too large" },
            { Lines(5_000, i => $"a{i}=${{?a{i + 1}}}"), "lead too far" },
            { Repeat("a=${?a}x\n", 5_000), "lead too far" },
            { Repeat("a+=x\n", 5_000), "lead too far" },
            { "big=[" + Repeat("1,", 2_000) + "]\nx=[" + Repeat("${big},", 20_000) + "]", "too large" },
            { "o={" + Lines(2_000, i => $"k{i}=1") + "}\nx=" + Repeat("${o}", 20_000), "too large" },
            { "self{" + Lines(3_000, i => $"k{i}=[${{?self.k{(i * 7 % 3_000) + 1}}},${{?self}}]") + "}", "" },
            { Lines(2_000, i => $"k{i}=${{?k{(i * 7 % 2_000) + 1}.x}}${{?k{(i * 11 % 2_000) + 1}.y}}{{z=${{?k{(i * 13 % 2_000) + 1}}}}}"), "" },
        };
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_text_made_to_take_all_memory_time_or_stack_is_refused_soon(string text, string reason)
    {
        // On a thread with a small stack: what fits there fits the thread of any caller.
        var message = string.Empty;
        Exception? unexpected = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    HoconDocument.ParseText(text, "bomb").Resolve(HoconText.NoEnvironment);
                }
                catch (HoconException e)
                {
                    message = e.Message;
                }
                catch (Exception e)
                {
                    unexpected = e;
                }
            },
            maxStackSize: 512 * 1024);
        thread.IsBackground = true;
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)), "the text was still being read after thirty seconds");

        Assert.Null(unexpected);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_of_many_settings_is_read()
    {
        var text = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"section{i % 100}.key{i} = value {i}"));

        Assert.Equal("value 19999", Assert.IsType<HoconScalar>(HoconText.Resolve(text).Find("section99", "key19999")).Text);
    }

    [Fact]
    public void A_list_may_be_appended_to_some_hundred_times()
    {
        var array = Assert.IsType<HoconArray>(HoconText.Resolve(string.Concat(Enumerable.Repeat("a += x\n", 300))).Find("a"));

        Assert.Equal(300, array.Items.Count);
    }

    private static bool TryRead(string text)
    {
        try
        {
            HoconText.Resolve(text);
            return true;
        }
        catch (HoconException e)
        {
            Assert.Equal("test.conf", e.Origin.Source);
            return false;
        }
    }
}
