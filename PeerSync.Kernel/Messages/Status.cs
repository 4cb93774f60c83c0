namespace PeerSync.Kernel;

/// <summary>A message that says whether something worked; <see cref="Futures"/> understands it as the answer to a question.</summary>
public abstract class Status
{
    private protected Status()
    {
    }

    /// <summary>It worked.</summary>
    public sealed class Success : Status
    {
        /// <summary>A success without a value.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>Creates a success.</summary>
        /// <param name="status">The result, if there is one.</param>
        public Success(object? status)
        {
            Status = status;
        }

        /// <summary>The result, if there is one.</summary>
        public object? Status { get; }

        /// <inheritdoc />
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It did not work.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Creates a failure.</summary>
        /// <param name="cause">Why.</param>
        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        /// <summary>Creates a failure.</summary>
        /// <param name="cause">Why.</param>
        /// <param name="state">What it was about.</param>
        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state;
        }

        /// <summary>Why.</summary>
        public Exception Cause { get; }

        /// <summary>What it was about.</summary>
        public object? State { get; }

        /// <inheritdoc />
        public override string ToString() => $"Failure: {Cause?.Message}";
    }
}
