using System.Reflection;
using System.Text;
using PeerSync.Actors.Calls;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Connections;
using PeerSync.Storage;
using PeerSync.Storage.Calls;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>What devices and calls do when the other side, the pool or the database fails them.</summary>
public sealed class CallsFaultTests : TestKit.TestKit
{
    private static readonly ConnectionId Socket = new("socket-7");

    private readonly ManualTimeProvider _time;
    private readonly TestProbe _devices;
    private readonly TestProbe _calls;
    private readonly TestProbe _pools;
    private readonly CallSettings _settings = new();
    private readonly CallsEntities _entities;

    public CallsFaultTests()
        : this(new ManualTimeProvider())
    {
    }

    private CallsFaultTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
        _devices = CreateTestProbe();
        _calls = CreateTestProbe();
        _pools = CreateTestProbe();
        _entities = new CallsEntities(_devices.Ref, _calls.Ref, _pools.Ref);
    }

    [Fact]
    public async Task WhoComesAloneIsToldSoAndWhoComesTooLateLikewise()
    {
        var call = StartCall();
        call.Tell(Enter("a", "b"), TestActor);
        await _devices.ExpectNoMsgAsync();

        _time.Advance(_settings.EnterWithin);
        await _devices.ExpectMsgAsync(new CallMissed("a", "s"));

        call.Tell(Enter("b", "a"), TestActor);
        await _devices.ExpectMsgAsync(new CallMissed("b", "s"));
    }

    [Fact]
    public async Task ACallThatFailsIsOverForBoth()
    {
        var call = StartCall();
        call.Tell(Enter("a", "b"), TestActor);
        call.Tell(Enter("b", "a"), TestActor);
        await _devices.ExpectMsgAsync(new CallOpened("a", "s"));
        await _devices.ExpectMsgAsync(new CallOpened("b", "s"));

        call.Tell(new SayInCall("s", "a", null!), TestActor);
        await _devices.ExpectMsgAsync(new PeerLeft("a", "s"));
        await _devices.ExpectMsgAsync(new PeerLeft("b", "s"));

        // Nothing of it is left: the name may be used again.
        call.Tell(Enter("c", "d"), TestActor);
        call.Tell(Enter("d", "c"), TestActor);
        await _devices.ExpectMsgAsync(new CallOpened("c", "s"));
    }

    [Fact]
    public async Task ADatabaseThatFailsLetsASocketComeBack()
    {
        var directory = FailingDirectory.Create();
        var device = StartDevice(directory);
        directory.IsDown = true;
        device.Tell(new AttachSocket("a", Socket), TestActor);
        Assert.True((await ExpectMsgAsync<SocketCut>()).MayComeBack);

        directory.IsDown = false;
        device.Tell(new AttachSocket("a", Socket), TestActor);
        await ExpectMsgAsync<SocketAttached>();
    }

    [Fact]
    public async Task AJoinThatCannotBeReadForIsRefusedAndTheNextOneIsNot()
    {
        var directory = FailingDirectory.Create();
        var device = StartDevice(directory);
        device.Tell(new AttachSocket("a", Socket), TestActor);
        await ExpectMsgAsync<SocketAttached>();

        directory.IsDown = true;
        device.Tell(new SeekPartner("a", Socket, null, JoinRequest.Default), TestActor);
        Assert.Contains(CallsError.Internal.Message, await ExpectPacketAsync(), StringComparison.Ordinal);

        directory.IsDown = false;
        device.Tell(new SeekPartner("a", Socket, null, JoinRequest.Default), TestActor);
        Assert.Equal("a", (await _pools.ExpectMsgAsync<EnqueueTicket>()).Ticket.DeviceId);
    }

    [Fact]
    public async Task APoolThatIsLostGetsTheTicketAgainWithItsOldTime()
    {
        var device = StartDevice(FailingDirectory.Create());
        device.Tell(new AttachSocket("a", Socket), TestActor);
        await ExpectMsgAsync<SocketAttached>();
        device.Tell(new SeekPartner("a", Socket, null, JoinRequest.Default), TestActor);
        var first = await _pools.ExpectMsgAsync<EnqueueTicket>();

        // Longer than any pool that lives is silent.
        _time.Advance(_settings.Matching.ProgressInterval * 20);
        var second = await _pools.ExpectMsgAsync<EnqueueTicket>();
        Assert.Equal(first.Pool, second.Pool);
        Assert.Equal(first.Ticket.QueuedAt, second.Ticket.QueuedAt);
        Assert.True(second.Ticket.TicketId > first.Ticket.TicketId);
    }

    private static EnterCall Enter(string device, string peer) => new("s", device, peer, "global", "en", TimeSpan.Zero);

    private IActorRef StartCall() => Sys.ActorOf(Props.Create(() => new CallActor(_entities, _settings, new CallsCounters())));

    private IActorRef StartDevice(FailingDirectory directory) => Sys.ActorOf(Props.Create(() => new CallsDeviceActor(
        _entities, _settings, directory.Proxy, new CallsPeerIds(new CallsPseudonyms(new byte[32]), false), new CallsCounters())));

    private async Task<string> ExpectPacketAsync()
    {
        var packet = await ExpectMsgAsync<MessageBuffer>();
        var text = Encoding.UTF8.GetString(packet.Span);
        packet.Release();
        return text;
    }

    /// <summary>A directory that knows nothing, or fails.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy is derived from it.")]
    private class FailingDirectory : DispatchProxy
    {
        internal bool IsDown { get; set; }

        internal ICallsDirectory Proxy => (ICallsDirectory)(object)this;

        internal static FailingDirectory Create() => (FailingDirectory)(object)Create<ICallsDirectory, FailingDirectory>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (IsDown)
            {
                throw new StorageUnavailableException("The test has switched it off.");
            }

            return targetMethod!.Name switch
            {
                nameof(ICallsDirectory.EnsureDeviceAsync) => Task.FromResult(new CallsDevice((string)args![0]!, Guid.Empty, CallsRole.User, CallsDevice.NewRating)),
                nameof(ICallsDirectory.GetStandingAsync) => Task.FromResult(new CallsStanding(CallsRole.User, CallsDevice.NewRating, null, null, 0)),
                nameof(ICallsDirectory.ListBlockedEitherWayAsync) => Task.FromResult<IReadOnlyList<string>>([]),
                _ => throw new NotSupportedException(targetMethod.Name),
            };
        }
    }
}
