namespace PeerSync.Kernel;

/// <summary>The kernel's own <see cref="IIndirectActorProducer"/>s.</summary>
internal static class ActorProducers
{
    public sealed class OfFactory<TActor>(Func<TActor> factory) : IIndirectActorProducer
        where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);

        public ActorBase Produce() => factory();

        public void Release(ActorBase actor)
        {
        }
    }

    public sealed class OfType(Type type, object?[] args) : IIndirectActorProducer
    {
        public Type ActorType { get; } = type;

        public ActorBase Produce()
        {
            var actor = args.Length == 0
                ? Activator.CreateInstance(ActorType, nonPublic: true)
                : Activator.CreateInstance(ActorType, args);
            return (ActorBase)actor!;
        }

        public void Release(ActorBase actor)
        {
        }
    }
}
