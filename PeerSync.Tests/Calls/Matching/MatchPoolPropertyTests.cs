using FsCheck;
using FsCheck.Fluent;
using PeerSync.Actors.Calls;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls.Matching;

/// <summary>
/// Whatever devices wish, in whatever order they come, go, confirm and block each other: the pool decides as the plain rules do, nobody is matched twice, with
/// itself or with somebody blocked, nobody is lost, and no two wait who may meet.
/// </summary>
public sealed class MatchPoolPropertyTests
{
    private const int Devices = 14;
    private const long Start = 1_000_000_000;

    private static readonly MatchSettings Settings = new() { RecentFor = TimeSpan.FromMinutes(3) };
    private static readonly string[] Regions = ["global", "europe", "asia", "mars"];
    private static readonly string[] Languages = ["en", "de", "fr"];
    private static readonly string[] Interests = ["a", "b", "c", "d"];
    private static readonly long[] Steps = [0, 1, 500, 2_000, 7_000, 31_000, 61_000, 91_000, 180_000];

    /// <summary>What one step of a run does.</summary>
    internal enum Kind
    {
        Join,
        JoinAgain,
        Leave,
        Confirm,
        ConfirmAll,
        Block,
        TimePasses,
    }

    [Fact]
    public void ThePoolDecidesAsThePlainRulesDo()
    {
        var kinds = Gen.Frequency(
            (30, Gen.Constant(Kind.Join)),
            (3, Gen.Constant(Kind.JoinAgain)),
            (5, Gen.Constant(Kind.Leave)),
            (10, Gen.Constant(Kind.Confirm)),
            (4, Gen.Constant(Kind.ConfirmAll)),
            (3, Gen.Constant(Kind.Block)),
            (20, Gen.Constant(Kind.TimePasses)));
        var moves = kinds.SelectMany(
            static _ => Gen.Choose(0, Devices - 1).SelectMany(static _ => Gen.Choose(0, int.MaxValue - 1), static (device, number) => (device, number)),
            static (kind, rest) => new Move(kind, rest.device, rest.number));
        var totals = new Totals();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_240_601, 4_711),
            Prop.ForAll(moves.ListOf().Resize(150).ToArbitrary(), script => Play([.. script], totals)));

        // Otherwise the runs would prove nothing.
        Assert.True(
            totals is { Proposed: > 1000, Confirmed: > 500, Returned: > 100, Dropped: > 100, Rematched: > 10, CrossType: > 50, PassedOver: > 100 },
            $"The runs did too little: {totals}.");
    }

    [Fact]
    public void RelaxationOnlyEverOpens()
    {
        MatchClass[] classes =
        [
            .. from level in Enum.GetValues<MatchRelaxation>()
               from type in Enum.GetValues<QueueType>()
               from gender in new[] { CallsGender.Unknown, CallsGender.Male, CallsGender.Female }
               from wants in Enum.GetValues<GenderPreference>()
               select new MatchClass(level, type, gender, wants),
        ];
        foreach (var one in classes)
        {
            foreach (var other in classes)
            {
                Assert.Equal(one.Meets(other), other.Meets(one));
                if (one.Level < MatchRelaxation.Rematch && one.Meets(other))
                {
                    Assert.True((one with { Level = one.Level + 1 }).Meets(other), $"{one} and {other}");
                }
            }
        }
    }

    private static void Play(Move[] script, Totals totals)
    {
        var run = new Run(totals);
        foreach (var move in script)
        {
            run.Play(move);
        }

        run.Finish();
    }

    internal readonly record struct Move(Kind Kind, int Device, int Number);

    private sealed record Totals
    {
        public int Proposed { get; set; }

        public int Confirmed { get; set; }

        public int Returned { get; set; }

        public int Dropped { get; set; }

        public int Rematched { get; set; }

        public int CrossType { get; set; }

        public int PassedOver { get; set; }
    }

    private sealed class Run
    {
        private readonly Totals _totals;
        private readonly PoolLog _log = new();
        private readonly PoolLog _expected = new();
        private readonly MatchPool _pool;
        private readonly NaiveMatchPool _model;
        private readonly HashSet<string> _present = [];
        private readonly HashSet<(string, string)> _blocks = [];
        private readonly Dictionary<string, Match> _open = [];
        private readonly Dictionary<string, MatchRelaxation> _levels = [];
        private readonly Dictionary<string, Ticket> _last = [];
        private long _now = Start;
        private long _ticketId;
        private int _sessions;
        private int _expectedSessions;

        internal Run(Totals totals)
        {
            _totals = totals;
            _pool = new MatchPool(Settings, _log, () => $"s{++_sessions}");
            _model = new NaiveMatchPool(Settings, _expected, () => $"s{++_expectedSessions}");
        }

        internal void Play(Move move)
        {
            var device = Name(move.Device);
            switch (move.Kind)
            {
                case Kind.Join:
                    Enqueue(Wish(device, new Random(move.Number)));
                    break;
                case Kind.JoinAgain when _last.TryGetValue(device, out var ticket):
                    Enqueue(ticket with { TicketId = ++_ticketId, QueuedAt = _now });
                    break;
                case Kind.Leave when _last.TryGetValue(device, out var ticket):
                    // Now and then it is an older wish that is withdrawn.
                    var ticketId = move.Number % 4 == 0 ? ticket.TicketId - 1 : ticket.TicketId;
                    if (_pool.Withdraw(device, ticketId, _now))
                    {
                        _present.Remove(device);
                    }

                    _model.Withdraw(device, ticketId, _now);
                    break;
                case Kind.Confirm when _open.Count > 0:
                    var match = _open.Values.ElementAt(move.Number % _open.Count);
                    Confirm(match, move.Device % 2 == 0 ? match.First.DeviceId : match.Second.DeviceId);
                    break;
                case Kind.ConfirmAll:
                    foreach (var open in _open.Values.ToArray())
                    {
                        Confirm(open, open.First.DeviceId);
                        Confirm(open, open.Second.DeviceId);
                    }

                    break;
                case Kind.Block:
                    var other = Name((move.Device + 1 + (move.Number % (Devices - 1))) % Devices);
                    _blocks.Add((device, other));
                    _blocks.Add((other, device));
                    _pool.AddBlock(device, other, _now);
                    _model.AddBlock(device, other, _now);
                    break;
                case Kind.TimePasses:
                    _now += Steps[move.Number % Steps.Length];
                    while (_pool.Advance(_now, 1 + (move.Number % 3)))
                    {
                    }

                    _model.Advance(_now);
                    Compare();
                    AssertNobodyWaitsInVain();
                    break;
            }

            Compare();
        }

        /// <summary>All confirm what they are proposed: in the end none is left who might be matched.</summary>
        internal void Finish()
        {
            // Longer than any wish lasts unrelaxed and than any two stay apart.
            for (var step = 0; step < 120; step++)
            {
                Play(new Move(Kind.ConfirmAll, 0, 0));
                Play(new Move(Kind.TimePasses, 0, 4));
            }

            Assert.Empty(_open);
            AssertNobodyWaitsInVain();
        }

        private static string Name(int device) => $"d{device}";

        private void Enqueue(Ticket ticket)
        {
            _last[ticket.DeviceId] = ticket;
            foreach (var blocked in ticket.Blocked)
            {
                _blocks.Add((ticket.DeviceId, blocked));
                _blocks.Add((blocked, ticket.DeviceId));
            }

            _present.Add(ticket.DeviceId);
            _pool.Enqueue(ticket, _now);
            _model.Enqueue(ticket, _now);
        }

        private void Confirm(Match match, string deviceId)
        {
            _pool.Confirm(match.SessionId, deviceId, _now);
            _model.Confirm(match.SessionId, deviceId);
        }

        private Ticket Wish(string device, Random random)
        {
            T Any<T>(T[] values) => values[random.Next(values.Length)];
            var join = new JoinRequest(
                Any(Regions),
                "en",
                Any(Enum.GetValues<CallsGender>()),
                Any(Enum.GetValues<GenderPreference>()),
                [.. Interests.Where(_ => random.Next(3) == 0)],
                Any(Enum.GetValues<QueueType>()),
                random.Next(2) == 0 ? null : Any(Languages),
                random.Next(2) == 0 ? null : Any(Languages));

            // What is known of blocks is complete, as the devices see to it; what is known of partners may be known to one side only.
            string[] blocked = [.. _blocks.Where(block => block.Item1 == device).Select(static block => block.Item2)];
            RecentMatch[] recent =
            [
                .. Enumerable.Range(0, Devices).Where(_ => random.Next(4) == 0).Select(other => new RecentMatch(Name(other), _now - random.Next(200_000))),
            ];
            return Ticket.Create(
                ++_ticketId, device, join, random.Next(2) == 0 ? null : random.Next(101), random.Next(4) == 0, random.Next(2) == 0 ? null : random.Next(18, 60),
                _now - random.Next(3) + 1, blocked, recent);
        }

        private void Compare()
        {
            var lines = _log.Take();
            Assert.Equal(_expected.Take().Select(WithoutCachedPlace), lines.Select(WithoutCachedPlace));
            var matches = _log.Matches.ToDictionary(static match => match.SessionId);
            _log.Matches.Clear();
            foreach (var line in lines)
            {
                Account(line.Split(' ', ':'), matches);
            }

            Assert.Equal(_model.Members.Select(static member => member.DeviceId).Order(), _pool.Tickets.Select(static ticket => ticket.DeviceId).Order());
            Assert.Equal(_present.Order(), _pool.Tickets.Select(static ticket => ticket.DeviceId).Order());
            List<string> ranked = [];
            _pool.Rank(ranked);
            Assert.Equal(_model.Waiting.Select(static member => member.DeviceId), ranked);
            CheckRelaxation(ranked);
        }

        private void Check(Match match)
        {
            var (first, second) = (match.First.DeviceId, match.Second.DeviceId);
            Assert.NotEqual(first, second);
            Assert.DoesNotContain((first, second), _blocks);
            foreach (var open in _open.Values)
            {
                Assert.DoesNotContain(open.First.DeviceId, new[] { first, second });
                Assert.DoesNotContain(open.Second.DeviceId, new[] { first, second });
            }

            _open.Add(match.SessionId, match);
            _totals.CrossType += match.First.Profile.QueueType != match.Second.Profile.QueueType ? 1 : 0;
            var met = match.First.Recent.Any(recent => recent.DeviceId == second && recent.MatchedAt > match.MatchedAt - (long)Settings.RecentFor.TotalMilliseconds)
                || match.Second.Recent.Any(recent => recent.DeviceId == first && recent.MatchedAt > match.MatchedAt - (long)Settings.RecentFor.TotalMilliseconds);
            _totals.Rematched += met ? 1 : 0;
        }

        private void Account(string[] words, Dictionary<string, Match> matches)
        {
            switch (words[0])
            {
                case "proposed":
                    _totals.Proposed++;
                    Check(matches[words[1]]);
                    break;
                case "confirmed":
                    // Both sides are gone at once, and have no other match.
                    Assert.True(_open.Remove(words[1], out var match));
                    Assert.True(_present.Remove(match.First.DeviceId) && _present.Remove(match.Second.DeviceId));
                    _totals.Confirmed++;
                    break;
                case "returned":
                    _open.Remove(words[3]);
                    _totals.Returned++;
                    break;
                case "dropped":
                    _open.Remove(words[3]);
                    _present.Remove(words[1]);
                    _totals.Dropped++;
                    break;
            }
        }

        private void CheckRelaxation(List<string> ranked)
        {
            foreach (var device in _levels.Keys.Except(_present).ToArray())
            {
                _levels.Remove(device);
            }

            foreach (var device in ranked)
            {
                Assert.True(_pool.TryDescribe(device, _now, out _, out var progress));
                var level = progress.Next == MatchRelaxation.None ? MatchRelaxation.Rematch : progress.Next - 1;
                Assert.True(level >= _levels.GetValueOrDefault(device), $"{device} was relaxed to {_levels.GetValueOrDefault(device)} and is at {level}");
                _levels[device] = level;
                var member = _model.Waiting.Single(member => member.DeviceId == device);
                Assert.InRange(member.PassedOver, 0, Settings.MaxPassedOver);
                _totals.PassedOver += member.PassedOver;
            }
        }

        private void AssertNobodyWaitsInVain()
        {
            var waiting = _model.Waiting.ToArray();
            for (var i = 0; i < waiting.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    Assert.True(_model.MayMeet(waiting[i], waiting[j], _now) == false, $"{waiting[i].DeviceId} and {waiting[j].DeviceId} wait, and may meet");
                }
            }
        }

        private static string WithoutCachedPlace(string line) => line.StartsWith("Unchanged", StringComparison.Ordinal) ? line.Split(':')[0] : line;
    }
}
