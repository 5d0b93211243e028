using Garam.Messaging.Failures;

namespace Garam.Messaging.Topics;

/// <summary>A topic could not be created or looked up.</summary>
public sealed class TopicAdminException : Exception, ITransient
{
    internal TopicAdminException(string message, bool isTransient, Exception? inner = null)
        : base(message, inner) => IsTransient = isTransient;

    /// <summary>True when the cluster could not be reached; false when it refused.</summary>
    public bool IsTransient { get; }
}
