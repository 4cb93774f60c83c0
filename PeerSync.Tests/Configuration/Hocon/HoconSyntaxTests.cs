using System.Text.Json.Nodes;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

/// <summary>The examples of the HOCON specification that need no substitution, in its order.</summary>
public sealed class HoconSyntaxTests
{
    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":[1,-2.5,1e5,1E+5,-0,0.1e-3],"b":{"c":null,"d":true,"e":false,"f":""}}""")]
    [InlineData("""{"esc":"\"\\\/\b\f\n\r\tAé 😀"}""")]
    [InlineData("{\n\"a\"\n:\n[\n1\n,\n2\n]\n,\n\"b\"\n:\n{\n}\n}")]
    [InlineData("{\"a\":\r\n\t1 ,\r\n\"\" : [ ] }")]
    public void Json_is_read_as_json(string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(HoconText.ToJson(json))), HoconText.ToJson(json));

    [Theory]
    // Comments
    [InlineData("a = 1 # one\n// two\nb = 2 // three # four", """{"a":1,"b":2}""")]
    [InlineData("a = \"no # comment // here\"", """{"a":"no # comment // here"}""")]
    [InlineData("# nothing but a comment", "{}")]
    [InlineData("a = foo//bar", """{"a":"foo"}""")]
    [InlineData("a = foo/bar/", """{"a":"foo/bar/"}""")]
    // Root braces
    [InlineData("", "{}")]
    [InlineData(" \n \t ", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("\n { a = 1 } \n # end", """{"a":1}""")]
    // Separators
    [InlineData("\"foo\" {}", """{"foo":{}}""")]
    [InlineData("foo{bar:1}", """{"foo":{"bar":1}}""")]
    [InlineData("a:1,b=2", """{"a":1,"b":2}""")]
    [InlineData("a =\n  1\nb\n= 2", """{"a":1,"b":2}""")]
    // Commas
    [InlineData("a=[1,2,3,]", """{"a":[1,2,3]}""")]
    [InlineData("a=[1\n2\n3]", """{"a":[1,2,3]}""")]
    [InlineData("a=[1\n,2 #x\n\n,3\n]", """{"a":[1,2,3]}""")]
    [InlineData("{a=1,b=2,}", """{"a":1,"b":2}""")]
    [InlineData("a=1,\n", """{"a":1}""")]
    // White space other than blanks
    [InlineData("a\u00a0=\u2003\u202f1\u2028", """{"a":1}""")]
    [InlineData("\ufeffa = 1", """{"a":1}""")]
    [InlineData("a = 1\r\nb = x\r\n", """{"a":1,"b":"x"}""")]
    // Duplicate keys
    [InlineData("a=1,a=2", """{"a":2}""")]
    [InlineData("foo { a : 42 }, foo { b : 43 }", """{"foo":{"a":42,"b":43}}""")]
    [InlineData("foo { a : 42 }, foo : null, foo { b : 43 }", """{"foo":{"b":43}}""")]
    [InlineData("a { x : 1, y { p : 1 } }, a { x { q : 1 }, y { p : 2, r : 3 } }", """{"a":{"x":{"q":1},"y":{"p":2,"r":3}}}""")]
    [InlineData("a=[1,2],a=[3]", """{"a":[3]}""")]
    // Unquoted strings, numbers, booleans
    [InlineData("a = truefoo, b = footrue, c = 10.0bar, d = bar10.0, e = true foo, f = nullable", """{"a":"truefoo","b":"footrue","c":"10.0bar","d":"bar10.0","e":"true foo","f":"nullable"}""")]
    [InlineData("a = 1.2.3, b = 007, c = -, d = -1, e = 1., f = .5, g = 1e, h = 0.50", """{"a":"1.2.3","b":"007","c":"-","d":-1,"e":"1.","f":".5","g":"1e","h":0.50}""")]
    [InlineData("a = on, b = yes, c = true, d = null", """{"a":"on","b":"yes","c":true,"d":null}""")]
    [InlineData("a = 1e+5, b = 2E+10", """{"a":1e+5,"b":2E+10}""")]
    [InlineData("a = grüße_(ok)<;>|~%'", """{"a":"gr\u00FC\u00DFe_(ok)\u003C;\u003E|~%\u0027"}""")]
    // Multi-line strings
    [InlineData("a = \"\"\"foo\"\"\"\"", """{"a":"foo\u0022"}""")]
    [InlineData("a = \"\"\"\"\"\"", """{"a":""}""")]
    [InlineData("a = \"\"\"x\n \\n \"y\" \"\"z\"\"\", b = 1", """{"a":"x\n \\n \u0022y\u0022 \u0022\u0022z","b":1}""")]
    // Concatenation of strings
    [InlineData("a =  foo bar baz  ", """{"a":"foo bar baz"}""")]
    [InlineData("a = foo\t  \"bar\"baz # x", """{"a":"foo\t  barbaz"}""")]
    [InlineData("a = 1e5 null true 10.00", """{"a":"1e5 null true 10.00"}""")]
    [InlineData("a = [ 1 2 3 4 ], b = [ 1\n 2\n 3\n 4 ]", """{"a":["1 2 3 4"],"b":[1,2,3,4]}""")]
    // Concatenation of arrays and objects
    [InlineData("a : { b : 1 } { c : 2 }", """{"a":{"b":1,"c":2}}""")]
    [InlineData("a : { b : 1 }{ b : 2 }\na { c : 3 }", """{"a":{"b":2,"c":3}}""")]
    [InlineData("a : [ 1, 2 ] [ 3, 4 ]", """{"a":[1,2,3,4]}""")]
    [InlineData("a : [ [ 1, 2 ] [ 3, 4 ] ], b : [ [ 1, 2 ]\n [ 3, 4 ] ]", """{"a":[[1,2,3,4]],"b":[[1,2],[3,4]]}""")]
    [InlineData("a : [ 1 ] { 1 : c, 0 : b, x : y }", """{"a":[1,"b","c"]}""")]
    // Keys and paths
    [InlineData("foo.bar.baz : 42", """{"foo":{"bar":{"baz":42}}}""")]
    [InlineData("a.x : 42, a.y : 43", """{"a":{"x":42,"y":43}}""")]
    [InlineData("a b c : 42", """{"a b c":42}""")]
    [InlineData("true : 42, 3 : 43, 3.14 : 44, null : 45", """{"true":42,"3":{"14":44},"null":45}""")]
    [InlineData("10.0foo : 1, foo10.0 : 2, foo\"10.0\" : 3, 1.2.3 : 4", """{"10":{"0foo":1},"foo10":{"0":2},"foo10.0":3,"1":{"2":{"3":4}}}""")]
    [InlineData("foo.bar.\"hello.world\" : 1, a.\"\".b : 2, \"\" : 3", """{"foo":{"bar":{"hello.world":1}},"a":{"":{"b":2}},"":3}""")]
    [InlineData("\"\"\"a.b\"\"\".c : 1", """{"a.b":{"c":1}}""")]
    // += and include as words
    [InlineData("a += 1, a += x y, a += [2]", """{"a":[1,"x y",[2]]}""")]
    [InlineData("l = [ { a += 1, a += 2 } ]", """{"l":[{"a":[1,2]}]}""")]
    [InlineData("foo include : 42, a = include, b = [ include ], \"include\" : 1, a.include = 2", """{"foo include":42,"a":{"include":2},"b":["include"],"include":1}""")]
    public void A_text_of_the_specification_means_what_it_says(string hocon, string json) => Assert.Equal(json, HoconText.ToJson(hocon));

    [Fact]
    public void A_value_knows_its_line_and_column()
    {
        var root = HoconText.Resolve("a = 1\nb {\n  c = [ x,\n    y ]\n}\nd.e = \"\"\"1\n2\"\"\"\nf = g");

        Assert.Equal(new HoconOrigin("test.conf", 1, 5), root.Find("a")!.Origin);
        Assert.Equal(new HoconOrigin("test.conf", 3, 7), root.Find("b", "c")!.Origin);
        Assert.Equal(new HoconOrigin("test.conf", 4, 5), Assert.IsType<HoconArray>(root.Find("b", "c")).Items[1].Origin);
        Assert.Equal(new HoconOrigin("test.conf", 6, 7), root.Find("d", "e")!.Origin);
        Assert.Equal(new HoconOrigin("test.conf", 8, 5), root.Find("f")!.Origin);
        Assert.Equal("test.conf:8", root.Find("f")!.Origin.ToString());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("a.b \"c\" \\ \n\t\r\u0001\u007f\u2028 é \ud83d\ude00")]
    public void A_quoted_text_is_read_back(string text)
    {
        Assert.Equal(text, Assert.IsType<HoconScalar>(HoconText.Resolve($"a = {HoconScalar.Quote(text)}").Find("a")).Text);
        Assert.Equal(1, HoconText.Resolve($"{HoconPath.FormatElement(text)} = 1").Find(text)!.Weight - 1);
    }
}
