using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

public sealed class HoconIncludeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("include \"foo.conf\"")]
    [InlineData("include file(\"foo.conf\")")]
    [InlineData("include required(\"foo.conf\")")]
    [InlineData("include required( file( \"foo.conf\" ) )")]
    [InlineData("include\n  \"foo.conf\"")]
    [InlineData("{ include \"foo\" }")]
    public void Every_form_of_include_takes_the_fields_of_the_file(string statement)
    {
        _folder.Write("foo.conf", "{ x : 10 }");

        Assert.Equal("""{"x":10}""", ReadMain(statement));
    }

    [Fact]
    public void An_absolute_path_is_taken_as_it_is()
    {
        var path = _folder.Write("foo.conf", "x : 10");

        Assert.Equal("""{"x":10}""", HoconText.ToJson($"include {HoconScalar.Quote(path)}"));
    }

    [Fact]
    public void Fields_merge_in_the_order_of_the_statements()
    {
        _folder.Write("foo.conf", "a { x : 1, y : 1 }, b : 1, l : [1]");

        Assert.Equal(
            """{"a":{"x":1,"z":0,"y":2},"b":1,"l":[1,2]}""",
            ReadMain("a { x : 0, z : 0 }, b : 0, include \"foo.conf\", a.y = 2, l += 2"));
    }

    [Fact]
    public void A_substitution_in_an_included_file_is_looked_for_there_first_and_then_at_the_root()
    {
        _folder.Write("foo.conf", "{ x : 10, y : ${x}, z : ${root} }");

        Assert.Equal("""{"a":{"x":10,"y":10,"z":"r"},"root":"r"}""", ReadMain("a : { include \"foo.conf\" }, root : r"));
        Assert.Equal("""{"a":{"x":42,"y":42,"z":"r"},"root":"r"}""", ReadMain("a : { include \"foo.conf\" }, a : { x : 42 }, root : r"));
    }

    [Fact]
    public void Appending_in_an_included_file_extends_the_list_of_the_including_one()
    {
        _folder.Write("foo.conf", "l += 2, m = ${?m} [4]");

        Assert.Equal("""{"a":{"l":[1,2],"m":[3,4]}}""", ReadMain("a { l = [1], m = [3], include \"foo.conf\" }"));
    }

    [Fact]
    public void A_name_is_relative_to_the_including_file()
    {
        _folder.Write("sub/one.conf", "include \"two.conf\", include \"../three.conf\"");
        _folder.Write("sub/two.conf", "two = 2");
        _folder.Write("three.conf", "three = 3");

        Assert.Equal("""{"two":2,"three":3}""", ReadMain("include \"sub/one.conf\""));
    }

    [Fact]
    public void A_name_without_extension_means_json_and_then_conf()
    {
        _folder.Write("foo.json", """{"a": 1, "b": 1}""");
        _folder.Write("foo.conf", "b = 2");

        Assert.Equal("""{"a":1,"b":2}""", ReadMain("include \"foo\""));
    }

    [Fact]
    public void A_missing_file_is_nothing_unless_it_is_required()
    {
        Assert.Equal("""{"a":1}""", ReadMain("include \"missing.conf\", include file(\"missing\"), a = 1"));

        var fault = MainFails("a = 1\ninclude required(\"missing.conf\")");
        Assert.Equal("the required file 'missing.conf' does not exist", fault.Reason);
        Assert.Equal((2, 1), (fault.Origin.Line, fault.Origin.Column));
    }

    [Fact]
    public void A_fault_names_the_included_file()
    {
        _folder.Write("foo.conf", "x = 1\ny = [");

        Assert.Equal("foo.conf:2:5: this bracket is never closed", MainFails("include \"foo.conf\"").Message);
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused()
    {
        _folder.Write("foo.conf", "include \"main.conf\"");

        var fault = MainFails("include \"foo.conf\"");
        Assert.Equal("foo.conf:1:1: 'main.conf' includes itself", fault.Message);
    }

    [Fact]
    public void The_same_file_may_be_included_side_by_side()
    {
        _folder.Write("foo.conf", "x = 1, y = ${x}");

        Assert.Equal("""{"a":{"x":1,"y":1},"b":{"x":2,"y":2}}""", ReadMain("a { include \"foo.conf\" }, b { include \"foo.conf\", x = 2 }"));
    }

    [Fact]
    public void An_included_array_is_refused()
    {
        _folder.Write("foo.conf", "[1]");

        Assert.Equal("foo.conf:1:1: the root is an array; settings need an object", MainFails("include \"foo.conf\"").Message);
    }

    [Fact]
    public void Includes_are_bounded_in_depth_number_and_size()
    {
        for (var i = 0; i < 20; i++)
        {
            _folder.Write($"deep{i}.conf", $"include \"deep{i + 1}.conf\"");
        }

        _folder.Write("small.conf", "x = 1");
        _folder.Write("large.conf", new string(' ', HoconLimits.MaxTextLength + 1));
        _folder.Write("nested.conf", $"{Repeat("{a=[", HoconLimits.MaxDepth / 4)}1{Repeat("]}", HoconLimits.MaxDepth / 4)}");

        Assert.StartsWith("includes are nested more than", MainFails("include \"deep0.conf\"").Reason, StringComparison.Ordinal);
        Assert.Contains("files are included", MainFails(Repeat("include \"small.conf\"\n", HoconLimits.MaxIncludes + 1)).Reason, StringComparison.Ordinal);
        Assert.Contains("larger than", MainFails("include \"large.conf\"").Reason, StringComparison.Ordinal);
        Assert.StartsWith(
            "objects and arrays are nested more than",
            MainFails($"x = {Repeat("[", 60)}{{ include \"nested.conf\" }}{Repeat("]", 60)}").Reason,
            StringComparison.Ordinal);

        static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_fault_of_its_own()
    {
        var main = _folder.Write("main.conf", "a = 1\nb = \"");
        using (var stream = new FileStream(main, FileMode.Append))
        {
            stream.Write([0xC3, 0x28]);
        }

        Assert.Equal(new HoconOrigin(main, 2, 6), Assert.Throws<HoconException>(() => HoconDocument.ParseFile(main)).Origin);
        Assert.Contains("does not exist", Assert.Throws<HoconException>(() => HoconDocument.ParseFile(main + ".missing")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<HoconException>(() => HoconDocument.ParseFile(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no usable name", Assert.Throws<HoconException>(() => HoconDocument.ParseFile(" ")).Message, StringComparison.Ordinal);
    }

    private HoconException MainFails(string text) => Assert.Throws<HoconException>(() => ReadMain(text));

    private string ReadMain(string text) => HoconText.ToJson(HoconDocument.ParseFile(_folder.Write("main.conf", text)).Resolve(HoconText.NoEnvironment));
}
