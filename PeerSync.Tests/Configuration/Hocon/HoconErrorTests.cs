using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

/// <summary>What is not HOCON is refused at the place where it stops being HOCON.</summary>
public sealed class HoconErrorTests
{
    [Theory]
    [InlineData("a = [1,2,3,,]", 1, 12, "expected a value, found ','")]
    [InlineData("a = [,1,2,3]", 1, 6, "expected a value, found ','")]
    [InlineData("a = [1,,2,3]", 1, 8, "expected a value, found ','")]
    [InlineData("a = 1,,b = 2", 1, 7, "expected a key, found ','")]
    [InlineData(",a = 1", 1, 1, "expected a key, found ','")]
    [InlineData("a = 1 }", 1, 7, "expected a comma or a new line, found '}'")]
    [InlineData("a = 1\n}", 2, 1, "this brace closes nothing")]
    [InlineData("{ a = 1", 1, 1, "this brace is never closed")]
    [InlineData("a = 1\nb { c = [1, 2\n", 2, 9, "this bracket is never closed")]
    [InlineData("{ a = 1 } b = 2", 1, 11, "nothing may follow the closing brace of the root, found 'b'")]
    [InlineData("[1, 2]", 1, 1, "the root is an array; settings need an object")]
    [InlineData("justtext", 1, 9, "the key justtext needs '=', ':' or '{', found the end of the text")]
    [InlineData("a\nb = 1", 2, 1, "the key a needs '=', ':' or '{', found 'b'")]
    [InlineData("\"a b\" 1", 1, 8, "the key \"a b 1\" needs '=', ':' or '{', found the end of the text")]
    [InlineData("a = ", 1, 5, "expected a value, found the end of the text")]
    [InlineData("a = }", 1, 5, "expected a value, found '}'")]
    [InlineData("a = [1} ", 1, 7, "expected a comma or a new line, found '}'")]
    [InlineData("a = http://x", 1, 9, "expected a comma or a new line, found ':'; quote a value that holds one")]
    [InlineData("a = b = c", 1, 7, "expected a comma or a new line, found '='; quote a value that holds one")]
    [InlineData("a..b = 1", 1, 1, "a path cannot begin or end with a dot nor have two in a row; quote an empty element as \"\"")]
    [InlineData(".a = 1", 1, 1, "a path cannot begin or end with a dot nor have two in a row; quote an empty element as \"\"")]
    [InlineData("x = 1\na. = 1", 2, 1, "a path cannot begin or end with a dot nor have two in a row; quote an empty element as \"\"")]
    [InlineData("a = x*y", 1, 6, "the character '*' must be quoted")]
    [InlineData("a = user@host", 1, 9, "the character '@' must be quoted")]
    [InlineData("a = $b", 1, 5, "the character '$' must be quoted")]
    [InlineData("a + 1", 1, 3, "the character '+' must be quoted")]
    [InlineData("a = \"x", 1, 5, "the quoted string has no end")]
    [InlineData("a = \"x\nb = \"", 1, 7, "the quoted string does not end on its line")]
    [InlineData("a = \"\"\"x\n\"\"", 1, 5, "the triple-quoted string has no end")]
    [InlineData("a = \"x\ty\"", 1, 7, "a quoted string cannot hold a control character; write it as \\u and four digits")]
    [InlineData("a = \"\\x41\"", 1, 6, "a backslash in a quoted string must be followed by one of \" \\ / b f n r t, or by u and four hexadecimal digits")]
    [InlineData("a = \"\\u12 4\"", 1, 6, "a backslash in a quoted string must be followed by one of \" \\ / b f n r t, or by u and four hexadecimal digits")]
    [InlineData("a = \"\\", 1, 6, "a backslash in a quoted string must be followed by one of \" \\ / b f n r t, or by u and four hexadecimal digits")]
    [InlineData("a = ${b", 1, 8, "expected '}' to end the substitution, found the end of the text")]
    [InlineData("a = ${}", 1, 7, "expected a path, found '}'")]
    [InlineData("a = ${ }", 1, 7, "a path is missing")]
    [InlineData("a = ${ ?b}", 1, 8, "the character '?' must be quoted")]
    [InlineData("a = ${b${c}}", 1, 8, "expected '}' to end the substitution, found '${'")]
    [InlineData("a = ${b\n}", 1, 8, "expected '}' to end the substitution, found the end of the line")]
    [InlineData("${a} = 1", 1, 1, "expected a key, found '${'")]
    [InlineData("include foo", 1, 1, "include must be followed by a quoted file name, file(\"...\") or required(...); quote the key \"include\" if it is one")]
    [InlineData("include = 1", 1, 1, "include must be followed by a quoted file name, file(\"...\") or required(...); quote the key \"include\" if it is one")]
    [InlineData("include ${a}", 1, 1, "include must be followed by a quoted file name, file(\"...\") or required(...); quote the key \"include\" if it is one")]
    [InlineData("include url(\"http://example.org\")", 1, 1, "only files can be included")]
    [InlineData("include \"http://example.org/x.conf\"", 1, 1, "only files can be included, not addresses")]
    [InlineData("include file(\"x.conf\"", 1, 22, "expected ')' to end the include, found the end of the text")]
    [InlineData("include \"x.conf\"", 1, 1, "a text that is not a file can include absolute paths only")]
    [InlineData("include \"\"", 1, 1, "the included file has no usable name")]
    [InlineData("include \"/nowhere/x.conf\" \"y\"", 1, 27, "expected a comma or a new line, found a quoted string")]
    public void The_fault_is_named_with_its_place(string hocon, int line, int column, string reason)
    {
        var fault = HoconText.Fails(hocon);

        Assert.Equal(new HoconOrigin("test.conf", line, column), fault.Origin);
        Assert.Equal(reason, fault.Reason);
        Assert.Equal($"test.conf:{line}:{column}: {reason}", fault.Message);
    }
}
