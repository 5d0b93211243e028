using Garam.Messaging.Failures;

namespace Garam.Messaging.Groups;

/// <summary>A consumer group could not be changed.</summary>
public sealed class GroupAdminException : Exception, ITransient
{
    internal GroupAdminException(string message, bool isTransient, Exception inner)
        : base(message, inner) => IsTransient = isTransient;

    /// <summary>True when the cluster could not be reached; false when it refused.</summary>
    public bool IsTransient { get; }
}
