using Garam.Broker.Configuration;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DeleteTopicsResponse;

namespace Garam.Broker.Apis;

/// <summary>Deletes topics, by name or by id.</summary>
internal sealed class DeleteTopicsApi(BrokerServices broker) : Api<DeleteTopicsRequest, DeleteTopicsResponse>(ApiKey.DeleteTopics, 1, 6)
{
    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(DeleteTopicsRequest request, RequestContext context)
    {
        var response = new DeleteTopicsResponse();
        foreach (var name in request.TopicNames) response.Responses.Add(await DeleteAsync(name, Guid.Empty, context).ConfigureAwait(false));
        foreach (var topic in request.Topics) response.Responses.Add(await DeleteAsync(topic.Name, topic.TopicId, context).ConfigureAwait(false));
        return response;
    }

    private async ValueTask<DeletableTopicResult> DeleteAsync(string? name, Guid id, RequestContext context)
    {
        if (name is null == (id == Guid.Empty)) return Answer(name, id, TopicResult.Failed(ErrorCode.InvalidRequest, "A topic is named either by its name or by its id."));
        if (!broker.Config.Get(BrokerConfigs.DeleteTopics))
            return Answer(name, id, TopicResult.Failed(context.Version < 3 ? ErrorCode.InvalidRequest : ErrorCode.TopicDeletionDisabled, "delete.topic.enable is false."));
        var topic = name is null ? broker.Topics.Find(id) : broker.Topics.Find(name);
        if (topic is null) return Answer(name, id, TopicResult.Failed(name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, "There is no such topic."));
        return Answer(topic.Name, topic.Id, await TopicChanges.TryAsync(() => broker.Topics.DeleteAsync(topic, context.Closed)).ConfigureAwait(false));
    }

    private static DeletableTopicResult Answer(string? name, Guid id, TopicResult result) =>
        new() { Name = name, TopicId = id, ErrorCode = result.Error, ErrorMessage = result.Message };
}
