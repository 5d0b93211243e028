namespace Garam.Messaging.Groups;

/// <summary>Changes where consumer groups stand.</summary>
public interface IGroupAdmin
{
    /// <summary>
    /// Makes a group forget what it has committed, so that it begins at the oldest records again. A group that does not exist has
    /// nothing to forget. Members of a process that crashed count until their session ends; the call waits for that.
    /// </summary>
    /// <exception cref="GroupAdminException">The group is still in use after that time, or the cluster refused or could not be reached.</exception>
    Task ForgetOffsetsAsync(string group, CancellationToken cancellationToken);
}
