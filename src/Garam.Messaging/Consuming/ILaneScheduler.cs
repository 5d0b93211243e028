namespace Garam.Messaging.Consuming;

/// <summary>Gives lanes that have work a thread.</summary>
internal interface ILaneScheduler
{
    /// <summary>Calls <see cref="Lane.Run"/> once, soon, on a thread that is not the caller's. Any thread.</summary>
    void Schedule(Lane lane);
}
