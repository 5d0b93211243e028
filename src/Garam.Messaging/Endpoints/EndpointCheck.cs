namespace Garam.Messaging.Endpoints;

/// <summary>Finds what is wrong with endpoints, apart from their handlers' parameters.</summary>
internal static class EndpointCheck
{
    private const int LongestTopicName = 249;

    public static IEnumerable<string> Errors(TopicGroup group)
    {
        if (group.Endpoints.Count == 0)
        {
            yield return "it has no topics. Map one, or remove the group.";
        }

        foreach (var twice in group.Endpoints.GroupBy(endpoint => endpoint.Topic).Where(same => same.Count() > 1))
        {
            yield return $"topic '{twice.Key}' has {twice.Count()} handlers: a record is handled once per group. Use another group, or one handler that does both.";
        }
    }

    public static IEnumerable<string> Errors(TopicEndpoint endpoint)
    {
        var name = endpoint.HasDeadLetters ? endpoint.DeadLetterTopic : endpoint.Topic;
        if (name.Length > LongestTopicName || !name.All(IsTopicCharacter))
        {
            yield return $"'{name}' is not a valid topic name: at most {LongestTopicName} of a-z, A-Z, 0-9, '.', '_' and '-'.";
        }

        if (endpoint.Lanes is < 1 or > 1_024)
        {
            yield return $"WithConcurrency({endpoint.Lanes}): it must be between 1 and 1024.";
        }

        if (endpoint.Retries is < 0 or > 1_000)
        {
            yield return $"Retry({endpoint.Retries}): it must be between 0 and 1000. To retry for as long as trouble lasts, mark its exception .Transient<T>().";
        }

        foreach (var both in endpoint.NeverRetried.Intersect(endpoint.Transients))
        {
            yield return $"{both.Name} is marked both .Unless and .Transient: it is either never retried or retried for as long as it lasts.";
        }
    }

    private static bool IsTopicCharacter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-';
}
