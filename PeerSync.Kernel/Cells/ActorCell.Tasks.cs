namespace PeerSync.Kernel;

// Asynchronous handlers.
internal partial class ActorCell
{
    /// <summary>Runs an asynchronous handler. The state and the message are passed through, so that callers need no closure.</summary>
    internal void RunTask(Func<object, object, Task> handler, object state, object message)
    {
        if (_extras?.Operation is not null)
        {
            throw new InvalidOperationException("An asynchronous handler is running already.");
        }

        var operation = new AsyncOperation(this, _actor!, _currentMessage, _currentSender);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(operation);
        Task task;
        try
        {
            task = handler(state, message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        // User messages wait; system messages do not, so an actor can be stopped while it awaits.
        var extras = Extras;
        extras.Operation = operation;
        extras.ReceiveTimeout?.Begin();
        Suspend();
        operation.Await(task);
    }

    private void RunContinuation(SystemMessages.ActorTask task)
    {
        var operation = task.Operation;
        if (!ReferenceEquals(operation.Actor, _actor))
        {
            return;
        }

        _currentMessage = operation.Message;
        _currentSender = operation.Sender;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(operation);
        try
        {
            task.Callback(task.State);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void CompleteTask(AsyncOperation operation)
    {
        if (_extras is not { } extras || !ReferenceEquals(extras.Operation, operation))
        {
            return;
        }

        extras.Operation = null;
        Resume();
        extras.ReceiveTimeout?.End();
        _currentMessage = operation.Message;
        _currentSender = operation.Sender;
        try
        {
            operation.Task!.GetAwaiter().GetResult();
        }
        finally
        {
            (_actor as Eventsourced)?.EndCommand();
        }
    }

    private void CancelOperation()
    {
        if (_extras is { Operation: not null } extras)
        {
            extras.Operation = null;
            Resume();
        }
    }
}
