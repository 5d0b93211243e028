namespace Garam.Messaging.Preparation;

/// <summary>
/// Something that a service needs on the cluster before its consumers and its outbox relay start, for example its topics. Register it as a
/// singleton of this interface; preparations run one after the other, in the order of their registration.
/// </summary>
public interface IClusterPreparation
{
    /// <summary>What is prepared, for logs and health: <c>topics of the content platform</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Prepares it. May run more than once. A failure that implements <see cref="Failures.ITransient"/> and is transient is tried again for as
    /// long as it lasts; any other failure stops the host.
    /// </summary>
    Task PrepareAsync(CancellationToken cancellationToken);
}
