namespace Garam.Messaging.Endpoints;

/// <summary>Options or endpoints are wrong. Thrown when the host starts, with everything that is wrong at once.</summary>
public sealed class MessagingConfigurationException : Exception
{
    internal MessagingConfigurationException(IReadOnlyList<string> errors)
        : base($"Messaging cannot start:{string.Concat(errors.Select(error => $"{Environment.NewLine}  - {error}"))}") => Errors = errors;

    /// <summary>What is wrong, and what to do about it.</summary>
    public IReadOnlyList<string> Errors { get; }
}
