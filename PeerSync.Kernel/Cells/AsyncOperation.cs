namespace PeerSync.Kernel;

/// <summary>An asynchronous handler in progress. As synchronization context it brings the handler's continuations into the actor's turns.</summary>
internal sealed class AsyncOperation(ActorCell cell, ActorBase actor, object? message, IActorRef? sender) : SynchronizationContext
{
    /// <summary>The instance whose handler it is: continuations of an instance that was replaced never run.</summary>
    public ActorBase Actor { get; } = actor;

    public object? Message { get; } = message;

    public IActorRef? Sender { get; } = sender;

    public Task? Task { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => cell.SendSystemMessage(new SystemMessages.ActorTask(this, d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("An actor's turn cannot be waited for.");

    public override SynchronizationContext CreateCopy() => this;

    public void Await(Task task)
    {
        Task = task;
        task.ContinueWith(
            static (_, state) => ((AsyncOperation)state!).Complete(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Complete() => cell.SendSystemMessage(new SystemMessages.ActorTaskCompleted(this));
}
