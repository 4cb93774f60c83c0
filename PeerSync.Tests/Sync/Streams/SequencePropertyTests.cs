using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerSync.Actors.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;

namespace PeerSync.Tests.Sync.Streams;

/// <summary>
/// Whatever devices send, in whatever order they come and go, and whatever fails meanwhile: every acknowledged event is in the journal once, streams count
/// without a gap, answers come in order, and connected devices get each event of the others once.
/// </summary>
public sealed class SequencePropertyTests
{
    private const int Devices = 3;

    private static readonly SyncSettings Settings = new() { EventBurst = 0, SnapshotInterval = 5 };

    /// <summary>What one step of a run does.</summary>
    internal enum Step
    {
        Next,
        SkipNumbers,
        Late,
        Repeat,
        SameIdOtherNumber,
        OtherIdSameNumber,
        Malformed,
        Reconnect,
        Leave,
        AllLeave,
        LoseWrite,
        LoseAnswer,
        Hold,
        Release,
        KillUser,
        Settle,
    }

    [Fact]
    public async Task TheSequenceRulesHoldWhateverHappens()
    {
        await using var world = await StreamWorld.StartAsync(Settings);
        var step = Gen.Frequency(
            (30, Gen.Constant(Step.Next)),
            (12, Gen.Elements(Step.SkipNumbers, Step.Late, Step.Repeat, Step.SameIdOtherNumber, Step.OtherIdSameNumber, Step.Malformed)),
            (5, Gen.Elements(Step.Reconnect, Step.Leave, Step.AllLeave)),
            (3, Gen.Elements(Step.LoseWrite, Step.LoseAnswer, Step.KillUser)),
            (4, Gen.Elements(Step.Hold, Step.Release)),
            (5, Gen.Constant(Step.Settle)));
        var moves = step.SelectMany(static kind => Gen.Choose(0, Devices - 1), static (kind, device) => (kind, device));
        var totals = new Totals();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(moves.ListOf().Resize(120).ToArbitrary(), script => Play(world, totals, [.. script])));

        // Otherwise the runs would prove nothing.
        Assert.True(
            totals is { Stored: > 500, Duplicates: > 100, Delivered: > 200, Ends: > 10, Snapshots: > 10 },
            $"The runs did too little: {totals}.");
    }

    private static void Play(StreamWorld world, Totals totals, (Step Kind, int Device)[] script) =>
        new Run(world, totals).PlayAsync(script).GetAwaiter().GetResult();

    private sealed record Totals
    {
        public int Stored { get; set; }

        public int Duplicates { get; set; }

        public int Delivered { get; set; }

        public int Ends { get; set; }

        public int Snapshots { get; set; }
    }

    /// <summary>One run, with a user of its own.</summary>
    private sealed class Run(StreamWorld world, Totals totals)
    {
        private readonly UserId _user = StreamWorld.NewUser();
        private readonly Sender[] _senders = [.. Enumerable.Range(0, Devices).Select(static _ => new Sender())];
        private readonly List<StreamSocket> _sockets = [];
        private IActorRef? _entity;
        private bool _isHeld;

        private string PersistenceId => SyncJournal.PersistenceId(_user);

        internal async Task PlayAsync((Step Kind, int Device)[] script)
        {
            foreach (var (kind, device) in script)
            {
                await PlayAsync(kind, _senders[device]);
            }

            // First those who were acknowledged, then the journal: what comes later to the latter does no harm.
            var acknowledged = _sockets
                .SelectMany(static socket => socket.Sent.Take(socket.Acks.Count).Select(sent => (socket.DeviceId, sent))).ToArray();
            CheckAreThere(acknowledged, await world.ReadEventsAsync(_user));
            await FinishAsync();
            await CheckAsync();
        }

        private async Task PlayAsync(Step kind, Sender sender)
        {
            switch (kind)
            {
                case Step.Reconnect:
                    await ConnectAsync(sender);
                    break;
                case Step.Leave:
                    sender.Socket?.Detach();
                    break;
                case Step.AllLeave:
                    Array.ForEach(_senders, static other => other.Socket?.Detach());
                    break;
                case Step.LoseWrite or Step.LoseAnswer:
                    world.Journal.FailNext(PersistenceId, isWritten: kind == Step.LoseAnswer);
                    break;
                case Step.Hold:
                    _isHeld = true;
                    world.Journal.Hold(PersistenceId);
                    break;
                case Step.Release:
                    Release();
                    break;
                case Step.KillUser:
                    FindEntity()?.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                    break;
                case Step.Settle:
                    await SettleAsync();
                    break;
                default:
                    await SendAsync(kind, sender);
                    break;
            }
        }

        private async Task SendAsync(Step kind, Sender sender)
        {
            if (sender.Socket is not { IsLive: true })
            {
                await ConnectAsync(sender);
            }

            if (sender.Socket is { IsLive: true } socket)
            {
                socket.Send(sender.Make(kind));
            }
        }

        private async Task ConnectAsync(Sender sender)
        {
            var socket = world.Connect(_user, sender.DeviceId);
            sender.Socket = socket;
            _sockets.Add(socket);
            if (!_isHeld)
            {
                await GrantedAsync(socket);
            }
        }

        // A login that reaches an entity which is just ending is lost; the device waits for it until its time is over.
        private async Task GrantedAsync(StreamSocket socket)
        {
            var granted = socket.GrantedAsync();
            while (await Task.WhenAny(granted, Task.Delay(TimeSpan.FromMilliseconds(200))) != granted && !granted.IsCompleted)
            {
                world.Time.Advance(TimeSpan.FromSeconds(31));
            }

            await granted;
        }

        private void Release()
        {
            _isHeld = false;
            world.Journal.Release(PersistenceId);
        }

        private IActorRef? FindEntity() => _entity = _sockets.LastOrDefault(static socket => socket.User is not null)?.User ?? _entity;

        private async Task SettleAsync()
        {
            Release();
            foreach (var sender in _senders)
            {
                if (sender.Socket is { IsDetached: false } socket)
                {
                    await GrantedAsync(socket);
                    await AnsweredAsync(socket);
                }
            }
        }

        // What was on its way to an entity that was killed is lost with it, but then the socket has ended.
        private static Task AnsweredAsync(StreamSocket socket) => socket.IsLive ? socket.AnsweredAsync() : Task.CompletedTask;

        /// <summary>Every device sends everything once more, until all of it is acknowledged.</summary>
        private async Task FinishAsync()
        {
            _isHeld = false;
            world.Journal.Heal(PersistenceId);
            foreach (var sender in _senders)
            {
                for (var attempt = 1; !await ResendAsync(sender); attempt++)
                {
                    Assert.True(attempt < 10, "The stream does not recover.");
                }
            }

            StreamSocket[] live = [.. _senders.Select(static sender => sender.Socket!).Where(static socket => socket.IsLive)];
            await world.BarrierAsync(_user, live);
        }

        private async Task<bool> ResendAsync(Sender sender)
        {
            await ConnectAsync(sender);
            var socket = sender.Socket!;
            if (!socket.IsLive)
            {
                return false;
            }

            foreach (var sent in sender.History)
            {
                socket.Send(sent);
            }

            await socket.AnsweredAsync();
            return socket.IsLive;
        }

        private async Task CheckAsync()
        {
            var journal = await world.ReadAsync(_user);
            var events = journal.ConvertAll(static item => (item.SequenceNr, Event: (EventStored)item.Record));
            Assert.Equal(Enumerable.Range(1, events.Count).Select(static number => (long)number), events.Select(static item => item.SequenceNr));
            Assert.Equal(events.Count, events.Select(static item => item.Event.EventId).Distinct().Count());
            Assert.Equal(events.Count, events.Select(static item => (item.Event.DeviceId, item.Event.DeviceSeq)).Distinct().Count());
            foreach (var stream in events.GroupBy(static item => item.Event.StreamId))
            {
                Assert.Equal(Enumerable.Range(1, stream.Count()).Select(static number => (long)number), stream.Select(static item => item.Event.StreamSeq));
            }

            var known = _senders.SelectMany(static sender => sender.History.Select(sent => (sender.DeviceId, sent))).ToArray();
            Assert.Subset(known.Select(static item => item.sent.EventId).ToHashSet(), events.Select(static item => item.Event.EventId).ToHashSet());
            CheckAreThere(known, [.. events.Select(static item => item.Event)]);
            foreach (var socket in _sockets)
            {
                CheckSocket(socket, events);
            }

            totals.Stored += events.Count;
            totals.Duplicates += _sockets.Sum(static socket => socket.Acks.Count) - events.Count;
            totals.Ends += _sockets.Count(static socket => socket.End == SyncClose.ProcessingFailed);
            totals.Snapshots += await world.Snapshots.LoadAsync(PersistenceId, SnapshotSelectionCriteria.Latest, CancellationToken.None) is null ? 0 : 1;
        }

        private static void CheckAreThere((DeviceId DeviceId, StreamSocket.SentEvent Event)[] acknowledged, List<EventStored> events)
        {
            var ids = events.Select(static stored => stored.EventId).ToHashSet();
            var numbers = events.Select(static stored => (stored.DeviceId, stored.DeviceSeq)).ToHashSet();
            foreach (var (deviceId, sent) in acknowledged)
            {
                Assert.True(
                    sent.IsSkipped || ids.Contains(sent.EventId) || numbers.Contains((deviceId.Value, sent.DeviceSeq)),
                    $"The acknowledged event {sent} is not in the journal.");
            }
        }

        private void CheckSocket(StreamSocket socket, List<(long SequenceNr, EventStored Event)> events)
        {
            // Answers come in the order of sending, one for each.
            Assert.Equal(socket.Sent.Take(socket.Acks.Count).Select(static sent => sent.DeviceSeq), socket.Acks);
            if (socket.Granted is not { } granted)
            {
                Assert.Empty(socket.Acks);
                return;
            }

            // What is told twice is left out by the connection, which knows from where on the device is told.
            var position = granted.Admitted.Position;
            var delivered = socket.Delivered.Where(item => item.SequenceNr > position).ToArray();
            var foreign = events.Where(item => item.SequenceNr > position && item.Event.DeviceId != socket.DeviceId.Value).ToArray();
            Assert.True(delivered.Length <= foreign.Length, "Something was told that is not in the journal, or twice.");
            Assert.Equal(foreign.Take(delivered.Length).Select(static item => item.SequenceNr), delivered.Select(static item => item.SequenceNr));
            Assert.Equal(
                foreign.Take(delivered.Length).Select(static item => $"{{\"type\":\"event\",\"payload\":{Encoding.UTF8.GetString(item.Event.Json.Span)}}}"),
                delivered.Select(static item => item.Text));
            if (socket.IsLive && _senders.Any(sender => sender.Socket == socket))
            {
                Assert.Equal(foreign.Length, delivered.Length);
            }

            CheckOrder(socket, position, events);
            totals.Delivered += delivered.Length;
        }

        /// <summary>What the device stored during this session stands in the journal as it was sent.</summary>
        private void CheckOrder(StreamSocket socket, long position, List<(long SequenceNr, EventStored Event)> events)
        {
            var next = _sockets.Where(other => other.DeviceId == socket.DeviceId).SkipWhile(other => other != socket).Skip(1)
                .Select(static other => other.Granted?.Admitted.Position).FirstOrDefault(static other => other is not null) ?? long.MaxValue;
            var places = events
                .Where(item => item.SequenceNr > position && item.SequenceNr <= next && item.Event.DeviceId == socket.DeviceId.Value)
                .Select(item => socket.Sent.ToList().FindIndex(sent => sent.EventId == item.Event.EventId && sent.DeviceSeq == item.Event.DeviceSeq))
                .ToArray();
            Assert.DoesNotContain(-1, places);
            Assert.Equal(places.Order(), places);
        }
    }

    /// <summary>One device, and all that it ever sent.</summary>
    private sealed class Sender
    {
        private static readonly string[] Streams = ["clipboard:main", "messages:main", "files:main:1"];

        private readonly List<long> _skipped = [];
        private long _last = 1;

        public DeviceId DeviceId { get; } = StreamWorld.NewDevice();

        public List<StreamSocket.SentEvent> History { get; } = [];

        public StreamSocket? Socket { get; set; }

        internal StreamSocket.SentEvent Make(Step kind)
        {
            var old = History.Count == 0 ? null : History[History.Count * 2 / 3];
            var sent = kind switch
            {
                Step.SkipNumbers => New(Skip()),
                Step.Late when _skipped.Count > 0 => New(TakeSkipped()),
                Step.Repeat when old is not null => old,
                Step.SameIdOtherNumber when old is { IsSkipped: false } => old with { DeviceSeq = ++_last },
                Step.OtherIdSameNumber when old is { IsSkipped: false } => New(old.DeviceSeq),
                Step.Malformed => New(++_last) with { IsSkipped = true },
                _ => New(++_last),
            };
            History.Add(sent);
            return sent;
        }

        private static StreamSocket.SentEvent New(long number) =>
            new(Guid.CreateVersion7(), number, Streams[number % Streams.Length], IsSkipped: false);

        private long Skip()
        {
            _skipped.Add(++_last);
            return ++_last;
        }

        private long TakeSkipped()
        {
            var number = _skipped[^1];
            _skipped.RemoveAt(_skipped.Count - 1);
            return number;
        }
    }
}
