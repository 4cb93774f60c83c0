using System.Buffers;
using System.Reflection;
using System.Text;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Tests.Protocol.Peers;

// docs/spec/peers.md is a contract: its examples and its tables are held against the codec.
public sealed class PeersSpecificationTests
{
    private static readonly string[] Lines = ReadSpecification();

    [Fact]
    public void Every_client_example_is_understood_and_no_event_lacks_one()
    {
        var known = new HashSet<PeersEvent>();
        foreach (var example in Examples("## 4."))
        {
            Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes(example), out var envelope));
            Assert.NotEqual(PeersEvent.Unknown, envelope.Event);
            known.Add(envelope.Event);
        }

        Assert.Equal(Enum.GetValues<PeersEvent>().Length - 1, known.Count);
    }

    [Fact]
    public void Every_server_example_is_what_the_codec_writes()
    {
        var alice = new PeerProfile("Alice", "guest", "vscode", null);
        var bob = new PeerProfile("Bob", "host", "cursor", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        var aliceId = new UserId("alice");
        var bobId = new UserId("bob");
        var request = new RequestId("req_1");
        var session = new SessionId("ses_1");
        string[] written =
        [
            Written(o => PeersWriter.AuthSuccess(o, aliceId, "Alice", "alice@example.test")),
            Written(o => PeersWriter.AuthFailed(o, PeersError.TokenExpired)),
            Written(o => PeersWriter.PeerRegistered(o, aliceId, alice, PeerStatus.Online)),
            Written(o => PeersWriter.StatusOnline(o, bobId, bob, PeerStatus.Away, ConnectionMode.Lan)),
            Written(o => PeersWriter.StatusOffline(o, bobId)),
            Written(o => PeersWriter.PeersList(o, [new(aliceId, alice, PeerStatus.Online, ConnectionMode.Remote)])),
            Written(o => PeersWriter.StatusSet(o, PeerStatus.Away)),
            Written(o => PeersWriter.ConnectionRequestReceived(o, request, aliceId, alice)),
            Written(o => PeersWriter.ConnectionRequestCancelled(o, request, PeersReason.Expired)),
            Written(o => PeersWriter.ConnectionAccepted(o, request, session, aliceId, alice)),
            Written(o => PeersWriter.ConnectionRejected(o, request, bobId)),
            Written(o => PeersWriter.ConnectionRejected(o, request, bobId, PeersReason.Expired)),
            Written(o => PeersWriter.SessionCreated(o, session, aliceId, alice)),
            Written(o => PeersWriter.SessionEnded(o, session, PeersReason.Ended, bobId)),
            Written(o => RelayClientExample(o)),
            Written(o => PeersWriter.Pong(o, 1767225600000)),
            Written(o => PeersWriter.Error(o, PeersError.DifferentNetwork)),
        ];
        Assert.Equal(written, Examples("## 5."));
    }

    [Fact]
    public void The_error_tables_hold_every_code_and_every_text_and_no_other()
    {
        var section = Section("## 8.");
        var rows = section.Where(static l => l.StartsWith("| `ERR_", StringComparison.Ordinal))
            .Select(static l => l.Split('|'))
            .Select(static c => (Code: c[1].Trim().Trim('`'), Message: c[2].Trim()))
            .ToList();
        var errors = typeof(PeersError).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(static p => (PeersError)p.GetValue(null)!)
            .Select(static e => (e.Code, Message: $"`{e.Message}`"))
            .Append((PeersErrorCode.MessageInvalid, "`Unknown event: ` and its name"))
            .Order()
            .ToList();
        Assert.Equal(errors, rows.Order());

        var reserved = string.Join(' ', section.Where(static l => !l.StartsWith('|')));
        var codes = typeof(PeersErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static f => (string)f.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.True(
            rows.Any(r => r.Code == code) != reserved.Contains($"`{code}`", StringComparison.Ordinal),
            $"{code} must stand either in the table or among the reserved codes"));
    }

    private static void RelayClientExample(IBufferWriter<byte> output)
    {
        var example = Examples("## 4.").Single(static e => e.Contains("\"SEND_MESSAGE\"", StringComparison.Ordinal));
        PeersReader.Read(Encoding.UTF8.GetBytes(example), out var envelope);
        var message = PeersReader.ReadSendMessage(envelope);
        PeersWriter.MessageReceived(output, message, message.SessionIdJson, PeersWriter.EncodeString("alice"), DateTimeOffset.FromUnixTimeMilliseconds(1767225600000));
    }

    private static IEnumerable<string> Section(string heading) =>
        Lines.SkipWhile(l => !l.StartsWith(heading, StringComparison.Ordinal)).Skip(1).TakeWhile(static l => !l.StartsWith("## ", StringComparison.Ordinal));

    private static List<string> Examples(string heading)
    {
        var examples = Section(heading).Where(static l => l.StartsWith("{\"event\"", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(examples);
        return examples;
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string[] ReadSpecification()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PeerSync.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "spec", "peers.md"));
    }
}
