namespace PeerSync.Bench.Servers;

/// <summary>Ends a comparison server when the bench that started it is gone.</summary>
internal static class ParentWatch
{
    /// <summary>Waits in the background for the end of standard input, which the bench holds open as long as it lives.</summary>
    public static void Start()
    {
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[16];
            while (input.Read(buffer) > 0)
            {
                // The bench writes nothing; what a person types is of no interest.
            }

            Environment.Exit(0);
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }
}
