using PeerSync.Actors.Sharing;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Tests.Sharing;

/// <summary>One server for a class of tests of the feed.</summary>
public sealed class SharingFeedFixture : IAsyncLifetime
{
    internal const string Password = "the-shared-password";

    internal const string Settings = "peersync.sharing.resp.password = " + Password;

    internal SharingTestHost Host { get; private set; } = null!;

    /// <summary>Where Redis's protocol is spoken.</summary>
    internal Uri Resp => Host.Server.Server.RespAddress!;

    public async ValueTask InitializeAsync() => Host = await SharingTestHost.StartAsync(Settings);

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    internal static Task PublishAsync(SharingTestHost host, params string[] users) => PublishAsync(host, SharingEventWriter.KeysChanged(users[0]), users);

    /// <summary>Tells some users of something, as the feature's operations do.</summary>
    internal static async Task PublishAsync(SharingTestHost host, SharingNotice notice, params string[] users)
    {
        var database = host.Server.Server.Store.Database;
        var happened = await database.WriteAsync(
            "telling users",
            session => PeerSync.Storage.Sharing.SharingEventRows.AppendForUsersAsync(session, database.Now, notice.ToText(), users),
            CancellationToken.None);
        host.Server.Get<ISharingFeedSink>().Publish(happened);
    }
}
