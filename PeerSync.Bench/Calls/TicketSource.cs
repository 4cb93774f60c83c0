using PeerSync.Actors.Calls;
using PeerSync.Protocol.Calls;

namespace PeerSync.Bench.Calls;

/// <summary>Makes the tickets of a mix, the same ones in every run.</summary>
internal sealed class TicketSource(MatchMix mix, int seed)
{
    private const int FeudSize = 50;
    private const int Interests = 5;
    private const int KnownInterests = 200;

    private static readonly string[] Regions = [CallsRegions.Global, "us-east", "us-west", "europe", "asia"];
    private static readonly QueueType[] Types = Enum.GetValues<QueueType>();
    private static readonly CallsGender[] Genders = Enum.GetValues<CallsGender>();

    private readonly Random _random = new(seed);
    private long _number;
    private string[] _feud = [];
    private int _place;
    private int _feuds;

    /// <summary>One of those that wait.</summary>
    public Ticket Waiting(long now) => mix switch
    {
        MatchMix.Crowd => Loner(now),
        MatchMix.Stranded => Stranded(now),
        MatchMix.Feuds => Feuding(now),
        _ => (_number % 3) switch
        {
            0 => Loner(now),
            1 => Stranded(now),
            _ => Feuding(now),
        },
    };

    /// <summary>One that comes while the others wait.</summary>
    public Ticket Arriving(long now) => mix switch
    {
        MatchMix.Crowd => Make(NextId(), now, JoinRequest.Default with { Interests = SomeInterests() }),
        MatchMix.Arrivals => Anybody(now),
        _ => Waiting(now),
    };

    private static Ticket Make(string deviceId, long now, JoinRequest join, bool isPremium = false, string[]? blocked = null, int? rating = null) =>
        Ticket.Create(1, deviceId, join, rating, isPremium, null, now, blocked ?? [], []);

    private Ticket Loner(long now)
    {
        var deviceId = NextId();
        return Make(deviceId, now, JoinRequest.Default with { Region = "of-" + deviceId, Interests = SomeInterests() });
    }

    private Ticket Stranded(long now) => Make(
        NextId(),
        now,
        JoinRequest.Default with
        {
            Region = Any(Regions),
            Gender = CallsGender.Male,
            GenderPreference = GenderPreference.Female,
            QueueType = Any(Types),
            Interests = SomeInterests(),
        },
        isPremium: true);

    private Ticket Feuding(long now)
    {
        if (_place == _feud.Length)
        {
            _feuds++;
            _feud = [.. Enumerable.Range(0, FeudSize).Select(i => $"feud-{_feuds}-{i}")];
            _place = 0;
        }

        _number++;
        return Make(
            _feud[_place++],
            now,
            JoinRequest.Default with { Region = _feud[0], Gender = CallsGender.Male, GenderPreference = GenderPreference.Male, Interests = SomeInterests() },
            isPremium: true,
            blocked: _feud);
    }

    private Ticket Anybody(long now) => Make(
        NextId(),
        now,
        new JoinRequest(
            Any(Regions),
            "en",
            Any(Genders),
            GenderPreference.Any,
            SomeInterests(),
            Any(Types),
            null,
            null),
        isPremium: _random.Next(10) == 0,
        rating: _random.Next(30, 101));

    private string NextId() => $"device-{++_number:x12}";

    private T Any<T>(T[] values) => values[_random.Next(values.Length)];

    // Few are common and many are rare.
    private string[] SomeInterests()
    {
        var interests = new HashSet<string>();
        while (interests.Count < Interests)
        {
            interests.Add($"interest-{(int)(KnownInterests * Math.Pow(_random.NextDouble(), 3))}");
        }

        return [.. interests];
    }
}
