namespace Garam.Operations.Topics;

/// <summary>A config of a topic.</summary>
/// <param name="Name">Kafka's name, for example <c>retention.ms</c>.</param>
/// <param name="Value">What is in force; null where the broker hides it.</param>
/// <param name="Default">What would be in force if the topic did not set it; null where the broker does not say.</param>
/// <param name="IsSet">The topic itself sets it.</param>
/// <param name="ReadOnly">It cannot be changed.</param>
/// <param name="Sensitive">The broker hides its value.</param>
/// <param name="Documentation">What it does, in a sentence; null where nobody says.</param>
public sealed record TopicConfig(string Name, string? Value, string? Default, bool IsSet, bool ReadOnly, bool Sensitive, string? Documentation);
