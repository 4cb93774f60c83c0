namespace PeerSync.Kernel;

/// <summary>How to create an actor. Immutable; one instance serves any number of actors, which then share its memory.</summary>
public sealed class Props
{
    private readonly IIndirectActorProducer _producer;

    private Props(IIndirectActorProducer producer)
    {
        _producer = producer;
    }

    private Props(Props other)
    {
        _producer = other._producer;
        Mailbox = other.Mailbox;
        SupervisorStrategy = other.SupervisorStrategy;
        StashCapacity = other.StashCapacity;
    }

    /// <summary>The type of the actors.</summary>
    public Type Type => _producer.ActorType;

    /// <summary>The name of the mailbox's type in <see cref="ActorSystemSettings.Mailboxes"/>; null for the default.</summary>
    public string? Mailbox { get; private init; }

    /// <summary>Decides about the actor's failing children; null to let the actor say.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    /// <summary>How many messages the actor may stash; null for <see cref="ActorSystemSettings.StashCapacity"/>.</summary>
    public int? StashCapacity { get; private init; }

    /// <summary>Creates props from a factory, which is called in the first turn of each actor and again for each restart.</summary>
    /// <remarks>
    /// Akka.NET takes the factory apart as an expression; so let it be nothing but <c>() =&gt; new X(a, b)</c>, with arguments that do not change.
    /// </remarks>
    public static Props Create<TActor>(Func<TActor> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new Props(new ActorProducers.OfFactory<TActor>(factory)) { SupervisorStrategy = supervisorStrategy };
    }

    /// <summary>Creates props from the arguments of a constructor, which is found by reflection.</summary>
    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    /// <summary>Creates props from the arguments of a constructor, which is found by reflection.</summary>
    /// <exception cref="ArgumentException">The type is not an actor's.</exception>
    public static Props Create(Type type, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(args);
        if (!typeof(ActorBase).IsAssignableFrom(type) || type.IsAbstract)
        {
            throw new ArgumentException($"The type {type} is not that of an actor.", nameof(type));
        }

        return new Props(new ActorProducers.OfType(type, args));
    }

    /// <summary>Creates props from a producer: the form for actors that are created in large numbers with differing arguments.</summary>
    public static Props CreateBy(IIndirectActorProducer producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(producer);
    }

    /// <summary>Chooses the type of the mailbox by its name in <see cref="ActorSystemSettings.Mailboxes"/>.</summary>
    public Props WithMailbox(string mailbox)
    {
        ArgumentException.ThrowIfNullOrEmpty(mailbox);
        return new Props(this) { Mailbox = mailbox };
    }

    /// <summary>Sets who decides about the actor's failing children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy)
    {
        ArgumentNullException.ThrowIfNull(supervisorStrategy);
        return new Props(this) { SupervisorStrategy = supervisorStrategy };
    }

    /// <summary>Sets how many messages the actor may stash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
    public Props WithStashCapacity(int stashCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stashCapacity);
        return new Props(this) { StashCapacity = stashCapacity };
    }

    /// <inheritdoc />
    public override string ToString() => $"Props({Type})";

    internal ActorBase NewActor() => _producer.Produce();

    internal void Release(ActorBase actor) => _producer.Release(actor);
}
