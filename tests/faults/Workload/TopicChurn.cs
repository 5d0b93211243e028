using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Faults.Histories;

namespace Garam.Faults.Workload;

/// <summary>Makes topics, looks at them, and deletes most of them again. A name is used once.</summary>
internal sealed class TopicChurn(Clients clients)
{
    private const int MaxAlive = 6;
    private const string Name = "churn";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(HashCode.Combine(clients.Scenario.Seed, Name));
    private readonly List<string> _alive = [];
    private readonly List<string> _dead = [];
    private readonly HashSet<string> _made = [];
    private int _names;

    public async Task RunAsync()
    {
        using var admin = new AdminClientBuilder(clients.AdminConfig()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        while (!clients.Stop.IsCancellationRequested)
        {
            switch (_random.Next(4))
            {
                case 0 when _alive.Count < MaxAlive:
                    await CreateAsync(admin, $"{Name}-{_names++}");
                    break;
                case 1 when _alive.Count > 0:
                    await DeleteAsync(admin, _alive[_random.Next(_alive.Count)]);
                    break;
                default:
                    await DescribeSomeAsync(admin);
                    break;
            }

            clients.Pause(30);
        }

        await DescribeSomeAsync(admin, all: true);
    }

    private async Task CreateAsync(IAdminClient admin, string topic)
    {
        var configs = new Dictionary<string, string> { ["retention.ms"] = $"{_random.Next(1, 1000) * 1_000_000L}", ["segment.bytes"] = $"{_random.Next(10_000, 100_000)}" };
        var line = new HistoryEvent { Client = Name, Operation = Operation.Create, Topic = topic, Configs = configs };
        _alive.Add(topic);
        var outcome = await ChangeAsync(line, ErrorCode.TopicAlreadyExists, () => admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = _random.Next(1, 4), ReplicationFactor = 1, Configs = configs }],
            new CreateTopicsOptions { RequestTimeout = Patience }));
        if (outcome == Outcome.Ok)
        {
            _made.Add(topic);
        }
    }

    private async Task DeleteAsync(IAdminClient admin, string topic)
    {
        _alive.Remove(topic);
        var line = new HistoryEvent { Client = Name, Operation = Operation.Delete, Topic = topic };
        // A creation whose answer was lost may still be on its way: that there is no such topic yet is no deletion.
        var already = _made.Contains(topic) ? ErrorCode.UnknownTopicOrPart : ErrorCode.NoError;
        var outcome = await ChangeAsync(line, already, () => admin.DeleteTopicsAsync([topic], new DeleteTopicsOptions { RequestTimeout = Patience }));
        if (outcome == Outcome.Ok)
        {
            _dead.Add(topic);
        }
    }

    /// <param name="line">What is to be done.</param>
    /// <param name="already">The answer to a change that an earlier try has made.</param>
    /// <param name="change">Does it.</param>
    private async Task<Outcome> ChangeAsync(HistoryEvent line, ErrorCode already, Func<Task> change)
    {
        clients.History.Add(line);
        clients.Progress.ChangeBegins();
        var ended = line with { Outcome = Outcome.Ok };
        try
        {
            await change();
        }
        catch (KafkaException exception)
        {
            var error = exception switch
            {
                CreateTopicsException created => created.Results[0].Error,
                DeleteTopicsException deleted => deleted.Results[0].Error,
                _ => exception.Error,
            };
            ended = line with { Outcome = error.Code == already ? Outcome.Ok : Outcome.Info, Note = error.ToString() };
        }

        clients.Progress.ChangeEnds();
        clients.History.Add(ended);
        return ended.Outcome;
    }

    private async Task DescribeSomeAsync(IAdminClient admin, bool all = false)
    {
        foreach (var topic in _alive.Concat(_dead).Where(_ => all || _random.Next(4) == 0))
        {
            await DescribeAsync(admin, topic);
        }
    }

    private async Task DescribeAsync(IAdminClient admin, string topic)
    {
        var line = new HistoryEvent { Client = Name, Operation = Operation.Describe, Outcome = Outcome.Ok, Topic = topic };
        try
        {
            var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = Patience });
            var configs = await admin.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }], new DescribeConfigsOptions { RequestTimeout = Patience });
            line = line with
            {
                TopicId = described.TopicDescriptions[0].TopicId.ToString(),
                Configs = configs[0].Entries.Values.Where(entry => !entry.IsDefault).ToDictionary(entry => entry.Name, entry => entry.Value),
            };
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions[0].Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            // there is none: that is an answer
        }
        catch (KafkaException)
        {
            return;
        }

        clients.History.Add(line);
    }
}
