using System.Text;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

public sealed class CallsRobustnessTests
{
    private const string NoJson = "Validation failed: payload must be valid JSON";

    public static TheoryData<string, string> Arguments { get; } = new()
    {
        { "join-queue", """{"region":"eu","language":"d\u0065","gender":"male","genderPreference":"any","interests":["é","\ud83d\ude00"],"queueType":"gaming","nativeLanguage":"a","learningLanguage":"b","preferences":{"x":[1,2.5e-3,null]}}""" },
        { "send-offer", """{"sessionId":"s","type":"offer","data":{"sdp":"v=0\r\n","x":[{"y":"}"}]}}""" },
        { "send-message", """{"sessionId":"s","message":"<b>hi</b> \ud800 onx=","sender":"é","timestamp":"17.5"}""" },
        { "send-reaction", """{"sessionId":"s","emoji":"👩‍👩‍👧🇩🇪","timestamp":1e3}""" },
        { "end-call", """{"sessionId":"s","wasSkipped":[false]}""" },
        { "connection-status", """{"sessionId":"s","status":"failed","connectionTime":12}""" },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public void ATruncatedArgumentIsNoJson(string name, string argument)
    {
        var json = Encoding.UTF8.GetBytes(argument);
        Assert.Null(CallsArguments.Read(name, json));
        for (var length = 1; length < json.Length; length++)
        {
            Assert.Equal(NoJson, CallsArguments.Read(name, json.AsSpan(0, length))?.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void AChangedArgumentDoesNoHarm(string name, string argument)
    {
        foreach (var json in Mutations.Changed(argument, 5000, "{}[]\",:\\u0 e1-.<>=on"))
        {
            CallsArguments.Read(name, json);
        }
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void APartLeftOutOrDoubledDoesNoHarm(string name, string argument)
    {
        foreach (var json in Mutations.LeftOutOrDoubled(argument, 2000))
        {
            CallsArguments.Read(name, json);
        }
    }

    [Fact]
    public void RandomBytesDoNoHarm()
    {
        foreach (var json in Mutations.Noise(20_000, shortest: 1))
        {
            foreach (var row in Arguments)
            {
                CallsArguments.Read(row.Data.Item1, json);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void AnOversizedArgumentIsAnsweredShortly(string name, string argument)
    {
        var many = string.Concat(Enumerable.Range(0, 50_000).Select(static i => $"\"member{i}\":{{}},"));
        Assert.InRange(CallsArguments.Read(name, "{" + many + argument[1..])?.Message.Length ?? 0, 0, 3000);
        var deep = new string('[', 200_000) + new string(']', 200_000);
        Assert.InRange(CallsArguments.Read(name, "{\"deep\":" + deep + "," + argument[1..])?.Message.Length ?? 0, 0, 300);
        var large = new string('<', 500_000) + new string('o', 500_000);
        Assert.InRange(CallsArguments.Read(name, $$"""{"sessionId":"{{large}}","message":"{{large}}","sender":"{{large}}","emoji":"{{large}}","region":"{{large}}"}""")!.Message.Length, 1, 1000);
    }
}
