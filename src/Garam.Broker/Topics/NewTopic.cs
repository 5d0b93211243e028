namespace Garam.Broker.Topics;

/// <summary>A topic to be made.</summary>
/// <param name="Name">Its name; see <see cref="TopicName.Check"/>.</param>
/// <param name="Partitions">How many; -1 for <c>num.partitions</c>.</param>
/// <param name="Configs">Its own settings.</param>
internal sealed record NewTopic(string Name, int Partitions, IReadOnlyDictionary<string, string> Configs);
