using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.CreatePartitionsResponse;

namespace Garam.Broker.Apis;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsApi(BrokerServices broker) : Api<CreatePartitionsRequest, CreatePartitionsResponse>(ApiKey.CreatePartitions, 0, 3)
{
    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(CreatePartitionsRequest request, RequestContext context)
    {
        var response = new CreatePartitionsResponse();
        var names = request.Topics.CountBy(topic => topic.Name).ToDictionary(StringComparer.Ordinal);
        foreach (var topic in request.Topics)
        {
            if (!names.Remove(topic.Name, out var times)) continue;
            var result = times > 1
                ? TopicResult.Failed(ErrorCode.InvalidRequest, $"{topic.Name} stands {times} times in the request.")
                : await GrowAsync(topic, request.ValidateOnly, context).ConfigureAwait(false);
            response.Results.Add(new CreatePartitionsTopicResult { Name = topic.Name, ErrorCode = result.Error, ErrorMessage = result.Message });
        }
        return response;
    }

    private async ValueTask<TopicResult> GrowAsync(CreatePartitionsRequest.CreatePartitionsTopic topic, bool validateOnly, RequestContext context)
    {
        if (topic.Assignments is { } assignments && !assignments.All(assignment => assignment.BrokerIds is [var id] && id == context.Node.Id))
            return TopicResult.Failed(ErrorCode.InvalidReplicaAssignment, $"Every partition is on broker {context.Node.Id} alone.");
        return await TopicChanges.TryAsync(() => broker.Topics.GrowAsync(topic.Name, topic.Count, validateOnly, context.Closed)).ConfigureAwait(false);
    }
}
