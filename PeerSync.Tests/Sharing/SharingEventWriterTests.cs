using PeerSync.Protocol.Sharing;

namespace PeerSync.Tests.Sharing;

public sealed class SharingEventWriterTests
{
    [Fact]
    public void A_share_for_a_team_names_the_team_and_no_recipient()
    {
        var notice = SharingEventWriter.SnippetCreated("s1", "team title", "a", "Alice Doe", ["b", "a"], "t1", "Alice Doe's Team", "Bob Roe");

        Assert.Equal("snippet:created", notice.Name);
        Assert.Equal(
            """{"id":"s1","title":"team title","authorId":"a","authorName":"Alice Doe","recipientUserIds":["b","a"],"teamId":"t1","teamName":"Alice Doe's Team"}""",
            notice.Payload);
        Assert.Equal("""{"id":"s1"}""", notice.Brief);
    }

    [Fact]
    public void A_direct_share_names_its_first_recipient_and_leaves_out_what_it_does_not_have()
    {
        Assert.Equal(
            """{"id":"s2","title":"dm","authorId":"a","authorName":"A","recipientUserIds":["b"],"firstRecipientName":"Bob Roe"}""",
            SharingEventWriter.SnippetCreated("s2", "dm", "a", "A", ["b"], null, null, "Bob Roe").Payload);
        Assert.Equal(
            """{"id":"s3","authorId":"a","authorName":"A","recipientUserIds":[]}""",
            SharingEventWriter.SnippetCreated("s3", null, "a", "A", [], null, null, null).Payload);
    }

    [Fact]
    public void Text_is_escaped_as_clients_read_it()
    {
        var notice = SharingEventWriter.SnippetCreated("s", "a\"\\\n\0\ud800 é😀", "a", "A", [], null, null, null);

        Assert.StartsWith("""{"id":"s","title":"a\"\\\n\u0000\ud800 é😀",""", notice.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_ids_alone_has_no_brief_form()
    {
        Assert.Equal(new SharingNotice("keys:changed", """{"userId":"u"}"""), SharingEventWriter.KeysChanged("u"));
        Assert.Equal(new SharingNotice("team:memberJoined", """{"teamId":"t","userId":"u"}"""), SharingEventWriter.MemberJoined("t", "u"));
        Assert.Equal(new SharingNotice("team:memberRemoved", """{"teamId":"t","userId":"u"}"""), SharingEventWriter.MemberRemoved("t", "u"));
        Assert.Equal(new SharingNotice("team:deleted", """{"teamId":"t"}"""), SharingEventWriter.TeamDeleted("t"));
        Assert.Equal(new SharingNotice("snippet:deleted", """{"id":"s"}"""), SharingEventWriter.SnippetDeleted("s", null));
        Assert.Equal(new SharingNotice("wraps:requested", """{"userId":"u","deviceId":"d","id":"s"}"""), SharingEventWriter.WrapsRequested("u", "d", "s"));
        Assert.Equal(new SharingNotice("wraps:requested", """{"userId":"u"}"""), SharingEventWriter.WrapsRequested("u", null, null));
    }

    [Fact]
    public void Names_and_teams_are_left_out_of_the_brief_form()
    {
        Assert.Equal(
            new SharingNotice("team:changed", """{"teamId":"t","name":"N","ownerId":"o"}""", """{"teamId":"t"}"""),
            SharingEventWriter.TeamChanged("t", "N", "o"));
        Assert.Equal(
            new SharingNotice("snippet:deleted", """{"id":"s","teamId":"t"}""", """{"id":"s"}"""),
            SharingEventWriter.SnippetDeleted("s", "t"));
    }
}
