using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

/// <summary>The examples of the HOCON specification about substitutions, and the corners between them.</summary>
public sealed class HoconSubstitutionTests
{
    [Theory]
    [InlineData("a = ${b}, b = 1", """{"a":1,"b":1}""")]
    [InlineData("a = ${b.c}, b { c = [1, { d = null }] }", """{"a":[1,{"d":null}],"b":{"c":[1,{"d":null}]}}""")]
    [InlineData("animal.favorite = cat, key : ${animal.favorite} is my favorite animal", """{"animal":{"favorite":"cat"},"key":"cat is my favorite animal"}""")]
    [InlineData("animal.favorite = cat, key : ${animal.favorite}\" is my favorite animal\"", """{"animal":{"favorite":"cat"},"key":"cat is my favorite animal"}""")]
    [InlineData("a = \"${b}\", b = 1", """{"a":"${b}","b":1}""")]
    [InlineData("a = 1, b = ${a}, a = 2", """{"a":2,"b":2}""")]
    [InlineData("a = ${ \"x.y\" . z }, \"x.y\" { \"z\" = 1 }", null)]
    [InlineData("a = ${\"x.y\".z}, \"x.y\" { z = 1 }", """{"a":1,"x.y":{"z":1}}""")]
    [InlineData("a = null, b = ${a}, c = x ${a}", """{"a":null,"b":null,"c":"x null"}""")]
    [InlineData("a = true, b = 10.00, c = ${a}${b}", """{"a":true,"b":10.00,"c":"true10.00"}""")]
    // Undefined and optional
    [InlineData("foo : ${?bar}", "{}")]
    [InlineData("foo : 1, foo : ${?bar}", """{"foo":1}""")]
    [InlineData("foo : ${?bar}${?baz}", "{}")]
    [InlineData("foo : ${?bar} ${?baz}", "{}")]
    [InlineData("foo : ${?bar}x", """{"foo":"x"}""")]
    [InlineData("foo : x ${?bar} y", """{"foo":"x  y"}""")]
    [InlineData("foo : [1, ${?bar}, 2]", """{"foo":[1,2]}""")]
    [InlineData("foo : ${?bar} [1], baz : ${?bar} { a : 1 }", """{"foo":[1],"baz":{"a":1}}""")]
    // Self-reference
    [InlineData("path : \"a:b:c\"\npath : ${path}\":d\"", """{"path":"a:b:c:d"}""")]
    [InlineData("path = [ /bin ]\npath = ${path} [ /usr/bin ]", """{"path":["/bin","/usr/bin"]}""")]
    [InlineData("foo : { a : 1 }, foo : ${foo}", """{"foo":{"a":1}}""")]
    [InlineData("foo : ${?foo}", "{}")]
    [InlineData("a = ${?a}foo", """{"a":"foo"}""")]
    [InlineData("foo : ${does-not-exist}\nfoo : 42", """{"foo":42}""")]
    [InlineData("foo : ${foo}, foo : 42", """{"foo":42}""")]
    [InlineData("foo : ${does-not-exist}, foo : ${bar}, bar : 42", """{"foo":42,"bar":42}""")]
    [InlineData("foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("bar : { foo : 42, baz : ${bar.foo} }", """{"bar":{"foo":42,"baz":42}}""")]
    [InlineData("bar : { foo : 42, baz : ${bar.foo} }\nbar : { foo : 43 }", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar : { a : ${foo.d}, b : 1 }\nbar.b = 3\nfoo : { c : ${bar.b}, d : 2 }\nfoo.d = 4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a = x, a = ${a}y, a = ${a}z, a = ${?a}!\"\"", null)]
    [InlineData("a = x, a = ${a}y, a = ${a}z, b = ${a}", """{"a":"xyz","b":"xyz"}""")]
    [InlineData("a { b = 1 }, a { b = ${a.b}2 }, a.b = ${a.b}3", """{"a":{"b":"123"}}""")]
    [InlineData("a = [1], a = ${b}, b = [2], a += 3", """{"a":[2,3],"b":[2]}""")]
    [InlineData("a += ${?x}, a += 1", """{"a":[1]}""")]
    [InlineData("c = ${?a}, a { b = ${?c} }", """{"c":{},"a":{}}""")]
    [InlineData("a { b = ${?a} }", """{"a":{}}""")]
    // Inheritance
    [InlineData("generic = { size = 6 }\neast = ${generic} { name = \"east\" }", """{"generic":{"size":6},"east":{"size":6,"name":"east"}}""")]
    [InlineData("generic { size = 6 }, east = ${generic}, east { size = 7 }", """{"generic":{"size":6},"east":{"size":7}}""")]
    [InlineData("generic { size = 6 }, east = ${generic} { name = east, full = ${east.name}-${east.size} }", """{"generic":{"size":6},"east":{"size":6,"name":"east","full":"east-6"}}""")]
    [InlineData("a = ${b}, a.x = 1, b { x = 0, y { z = 2 } }, c = ${a.y.z}, d = ${a.x}", """{"a":{"x":1,"y":{"z":2}},"b":{"x":0,"y":{"z":2}},"c":2,"d":1}""")]
    [InlineData("a { x = 1 }, a = ${b}, b = 2, a { y = ${?a.x} }", """{"a":{},"b":2}""")]
    [InlineData("a { x = 1 }, a = ${b}, b = 2, a { y = 3 }", """{"a":{"y":3},"b":2}""")]
    [InlineData("a { b = ${c.d}, d = 1 }, c = ${a}", """{"a":{"b":1,"d":1},"c":{"b":1,"d":1}}""")]
    [InlineData("list = [${x}, ${x} [2]], x = [1]", """{"list":[[1],[1,2]],"x":[1]}""")]
    public void A_substitution_takes_the_value_that_the_specification_gives(string hocon, string? json)
    {
        if (json is null)
        {
            HoconText.Fails(hocon);
        }
        else
        {
            Assert.Equal(json, HoconText.ToJson(hocon));
        }
    }

    [Theory]
    [InlineData("foo : ${foo}", 1, 7)]
    [InlineData("foo : ${foo}, foo : { a : 1 }", 1, 7)]
    [InlineData("bar : ${foo}\nfoo : ${bar}", 2, 7)]
    [InlineData("a : ${b}\nb : ${c}\nc : ${a}", 3, 5)]
    [InlineData("a : { b : ${a} }", 1, 11)]
    [InlineData("x : ${a.b}, a : { b : ${a} }", 1, 23)]
    [InlineData("a : [${a}]", 1, 6)]
    [InlineData("a : [1], a : [${a.b}]", 1, 15)]
    [InlineData("a : ${b} {}, b { c : ${a} }", 1, 22)]
    [InlineData("a = ${a.b.c}", 1, 5)]
    public void A_circle_is_refused_where_it_closes(string hocon, int line, int column)
    {
        var fault = HoconText.Fails(hocon);

        Assert.Equal((line, column), (fault.Origin.Line, fault.Origin.Column));
    }

    [Fact]
    public void A_circle_is_told_from_a_missing_value()
    {
        Assert.Equal("test.conf:1:5: ${b} is neither set nor a variable of the environment", HoconText.Fails("a = ${b}").Message);
        Assert.Equal("test.conf:1:5: ${a} leads back to itself", HoconText.Fails("a = ${a}").Message);
    }

    [Fact]
    public void Two_fields_that_swap_values_end_with_the_same_one()
    {
        var root = HoconText.Resolve("a : 1\nb : 2\na : ${b}\nb : ${a}");

        Assert.Equal(HoconText.ToJson(root.Find("a")!), HoconText.ToJson(root.Find("b")!));
    }

    [Theory]
    [InlineData("a = ${b}, b = [1]\nc = x ${a}", 2, 5)]
    [InlineData("a = [1] x", 1, 9)]
    [InlineData("a = x {}", 1, 7)]
    [InlineData("a = {} [1]", 1, 5)]
    [InlineData("a = [1] {}", 1, 9)]
    [InlineData("a = 1, a += 2", 1, 13)]
    [InlineData("a = ${b} {}, b = 1", 1, 10)]
    public void Values_of_different_types_are_not_joined(string hocon, int line, int column)
    {
        var fault = HoconText.Fails(hocon);

        Assert.Equal((line, column), (fault.Origin.Line, fault.Origin.Column));
        Assert.Contains("cannot be joined", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_is_asked_for_what_the_text_does_not_have()
    {
        var root = HoconText.Resolve(
            "a = 1, a = ${?PORT}, b = ${HOME}\"/x\", c = ${?EMPTY}, d = ${path.like}",
            ("PORT", "80"),
            ("HOME", "/root"),
            ("EMPTY", ""),
            ("path.like", "p"));

        Assert.Equal("""{"a":"80","b":"/root/x","c":"","d":"p"}""", HoconText.ToJson(root));
        Assert.Equal(HoconOrigin.Environment("PORT"), root.Find("a")!.Origin);
        Assert.Equal("environment PORT", root.Find("a")!.Origin.ToString());
        Assert.Equal(new HoconOrigin("test.conf", 1, 26), root.Find("b")!.Origin);
    }

    [Fact]
    public void A_null_in_the_text_hides_the_environment() =>
        Assert.Equal(
            """{"HOME":null,"a":null,"b":"env:x"}""",
            HoconText.ToJson("HOME = null, a = ${?HOME}, b = ${OTHER}\":x\"", ("HOME", "/root"), ("OTHER", "env")));

    [Fact]
    public void A_variable_can_be_extended_under_its_own_name() =>
        Assert.Equal("""{"PATH":"/bin:/x"}""", HoconText.ToJson("PATH = ${PATH}\":/x\"", ("PATH", "/bin")));

    [Fact]
    public void Appending_starts_a_new_list_whatever_the_environment_holds() =>
        Assert.Equal("""{"PATH":["/x"]}""", HoconText.ToJson("PATH += /x", ("PATH", "/bin")));

    [Fact]
    public void A_document_over_another_changes_what_the_lower_one_refers_to()
    {
        var lower = HoconDocument.ParseText("a { x = 1, y = ${a.x}, z = [1] }, b = ${a}", "lower.conf");
        var upper = HoconDocument.ParseText("a { x = 2 }, a.z = ${a.z} [2], c = ${b.y}", "upper.conf");

        var both = lower.OverriddenBy(upper).Resolve(HoconText.NoEnvironment);

        Assert.Equal("""{"a":{"x":2,"y":2,"z":[1,2]},"b":{"x":2,"y":2,"z":[1,2]},"c":2}""", HoconText.ToJson(both));
        Assert.Equal("upper.conf", both.Find("b", "x")!.Origin.Source);
        Assert.Equal("""{"a":{"x":1,"y":1,"z":[1]},"b":{"x":1,"y":1,"z":[1]}}""", HoconText.ToJson(lower.Resolve(HoconText.NoEnvironment)));
    }

    [Fact]
    public void Documents_merge_only_when_they_are_adjacent()
    {
        Assert.Equal("""{"a":{"x":1}}""", Merged("a : { y : 2 }", "a : 42", "a : { x : 1 }"));
        Assert.Equal("""{"a":{"y":2,"x":1}}""", Merged("a : 42", "a : { y : 2 }", "a : { x : 1 }"));

        static string Merged(params string[] texts) => HoconText.ToJson(texts
            .Select(static text => HoconDocument.ParseText(text, "test.conf"))
            .Aggregate(static (lower, upper) => lower.OverriddenBy(upper))
            .Resolve(HoconText.NoEnvironment));
    }
}
