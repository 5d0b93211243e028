namespace Garam.Messaging.Failures;

/// <summary>
/// An exception that knows whether it is about the record or about something on the way. Implement it on exceptions of
/// your own clients to have their trouble retried for as long as it lasts.
/// </summary>
public interface ITransient
{
    /// <summary>True when the same call may succeed later without any change to the record.</summary>
    bool IsTransient { get; }
}
