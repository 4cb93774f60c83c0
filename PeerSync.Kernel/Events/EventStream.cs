using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>Delivers what is published to those who subscribed to its type, or to a base type or interface of it. Safe on every thread.</summary>
/// <remarks>A subscriber that stops is removed. Publishing allocates nothing once the subscribers of a type are known.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "The name is Akka.NET's.")]
public sealed class EventStream
{
    private readonly Lock _gate = new();
    private (IActorRef Subscriber, Type Channel)[] _subscriptions = [];
    private ConcurrentDictionary<Type, IActorRef[]> _receivers = new();

    internal EventStream()
    {
    }

    /// <summary>Subscribes an actor to a type of event.</summary>
    /// <returns>False when it already was subscribed, or has stopped.</returns>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_gate)
        {
            if (Array.IndexOf(_subscriptions, (subscriber, channel)) >= 0)
            {
                return false;
            }

            Replace([.. _subscriptions, (subscriber, channel)]);
        }

        // The cell unsubscribes at its end if it was marked before; if it was not, it is terminated already.
        if (subscriber is ActorCell cell && !cell.TryMarkSubscribed())
        {
            Unsubscribe(subscriber);
            return false;
        }

        return true;
    }

    /// <summary>Ends one subscription.</summary>
    /// <returns>False when there was none.</returns>
    public bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        return Remove(subscription => subscription.Subscriber.Equals(subscriber) && subscription.Channel == channel);
    }

    /// <summary>Ends all subscriptions of an actor.</summary>
    /// <returns>False when there was none.</returns>
    public bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return Remove(subscription => subscription.Subscriber.Equals(subscriber));
    }

    /// <summary>Tells an event to its subscribers.</summary>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var receiver in ReceiversOf(@event.GetType()))
        {
            receiver.Tell(@event, ActorRefs.NoSender);
        }
    }

    internal bool HasSubscribers(Type type) => ReceiversOf(type).Length > 0;

    private bool Remove(Predicate<(IActorRef Subscriber, Type Channel)> match)
    {
        lock (_gate)
        {
            var remaining = Array.FindAll(_subscriptions, subscription => !match(subscription));
            var removed = remaining.Length < _subscriptions.Length;
            if (removed)
            {
                Replace(remaining);
            }

            return removed;
        }
    }

    private void Replace((IActorRef Subscriber, Type Channel)[] subscriptions)
    {
        _subscriptions = subscriptions;
        Volatile.Write(ref _receivers, new ConcurrentDictionary<Type, IActorRef[]>());
    }

    private IActorRef[] ReceiversOf(Type type)
    {
        var receivers = Volatile.Read(ref _receivers);
        if (receivers.TryGetValue(type, out var found))
        {
            return found;
        }

        // Under the lock, so that the answer belongs to the dictionary that it is put into.
        lock (_gate)
        {
            return _receivers.GetOrAdd(
                type,
                static (type, subscriptions) =>
                [
                    .. subscriptions.Where(subscription => subscription.Channel.IsAssignableFrom(type)).Select(subscription => subscription.Subscriber).Distinct(),
                ],
                _subscriptions);
        }
    }
}
