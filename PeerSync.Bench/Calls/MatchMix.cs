namespace PeerSync.Bench.Calls;

/// <summary>Who waits in a pool, and who comes.</summary>
internal enum MatchMix
{
    /// <summary>Each waits in a region of its own, and every second newcomer meets all of them: the most partners to choose from.</summary>
    Crowd,

    /// <summary>Premium men who want women, and only such: nobody meets anybody, which the pool can see from groups.</summary>
    Stranded,

    /// <summary>Groups whose members have all blocked each other, one to a region: nobody meets anybody, which only the pairs show.</summary>
    Feuds,

    /// <summary>The three above wait, a third each, and devices with random wishes come; most of them meet each other.</summary>
    Arrivals,
}
