namespace Garam.Messaging.Failures;

/// <summary>A record's bytes are not what the handler's parameters ask for. No retry: the bytes will not change.</summary>
public sealed class UndecodableRecordException : Exception
{
    internal UndecodableRecordException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
