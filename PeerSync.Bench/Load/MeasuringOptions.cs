namespace PeerSync.Bench.Load;

/// <summary>What all measuring commands can be told; each property names its argument.</summary>
internal abstract record MeasuringOptions
{
    /// <summary>--rounds: how often each figure is measured, what is compared taking turns.</summary>
    public int Rounds { get; protected set; } = 3;

    /// <summary>--seconds: how long a figure is measured.</summary>
    public double Seconds { get; protected set; } = 3;

    /// <summary>--warmup: seconds of the same load before that.</summary>
    public double Warmup { get; protected set; } = 1;

    /// <summary>--limit-minutes: after that the run gives up and prints what it has.</summary>
    public double LimitMinutes { get; protected set; } = 40;

    /// <summary>Reads a command's arguments.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="args">The arguments.</param>
    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    protected static TOptions Parse<TOptions>(string command, IReadOnlyList<string> args)
        where TOptions : MeasuringOptions, new()
    {
        var options = new TOptions();
        foreach (var (name, value) in Arguments.Read(args))
        {
            if (!options.TrySet(name, value))
            {
                throw new ArgumentException($"{name} {value} is not an argument of {command}.");
            }
        }

        return options;
    }

    /// <summary>Takes an argument.</summary>
    /// <returns>False for one that the command does not know.</returns>
    /// <exception cref="ArgumentException">The value is out of range; the message says what the argument takes.</exception>
    protected virtual bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--rounds":
                Rounds = Arguments.Integer(name, value, 1, 100);
                return true;
            case "--seconds":
                Seconds = Arguments.Number(name, value, 0.2, 600);
                return true;
            case "--warmup":
                Warmup = Arguments.Number(name, value, 0, 600);
                return true;
            case "--limit-minutes":
                LimitMinutes = Arguments.Number(name, value, 0.1, 1440);
                return true;
            default:
                return false;
        }
    }
}
