using Garam.Operations.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Topics;

/// <summary>Topics over HTTP, for programs: what the pages show, and what their forms do.</summary>
internal static class TopicApi
{
    public static void MapTopicApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/topics", (TopicOperations topics, CancellationToken ct) => topics.ListAsync(ct)).WithName("listTopics");
        api.MapPost("/topics", CreateAsync).WithName("createTopic");
        var topic = api.MapGroup("/topics/{topic}");
        topic.MapGet("", async (string topic, TopicOperations topics, CancellationToken ct) => (await topics.DescribeAsync([topic], ct))[0]).WithName("getTopic");
        topic.MapDelete("", DeleteAsync).WithName("deleteTopic").WithSummary("Delete the topic; ?dryRun=true only looks whether it exists");
        topic.MapPost("/partitions", async (string topic, PartitionCount asked, bool? dryRun, TopicOperations topics, CancellationToken ct) =>
        {
            await topics.AddPartitionsAsync(topic, asked.Total, dryRun is true, ct);
            return Results.NoContent();
        }).WithName("addPartitions");
        topic.MapGet("/config", (string topic, TopicOperations topics, CancellationToken ct) => topics.ConfigsAsync(topic, ct)).WithName("getTopicConfig");
        topic.MapPatch("/config", async (string topic, Dictionary<string, string?> changes, bool? dryRun, TopicOperations topics, CancellationToken ct) =>
        {
            await topics.SetConfigsAsync(topic, changes, dryRun is true, ct);
            return Results.NoContent();
        }).WithName("setTopicConfig").WithSummary("Configs by name; null: back to the default");
        topic.MapDelete("/records", ClearAsync).WithName("clearTopic").WithSummary("Take away the records, all or those before an offset or a time; ?dryRun=true counts them");
    }

    private static async Task<IResult> CreateAsync(NewTopic asked, bool? dryRun, TopicOperations topics, CancellationToken ct)
    {
        var outcome = (await topics.CreateAsync([asked.Name], asked.Partitions, asked.ReplicationFactor, asked.Configs ?? new Dictionary<string, string>(), dryRun is true, ct))[0];
        return outcome.Failure is { } failure ? throw failure : Results.Created($"/api/topics/{Uri.EscapeDataString(asked.Name)}", null);
    }

    private static async Task<IResult> DeleteAsync(string topic, bool? dryRun, TopicOperations topics, CancellationToken ct)
    {
        if (dryRun is true)
            _ = await topics.DescribeAsync([topic], ct);
        else if ((await topics.DeleteAsync([topic], ct))[0].Failure is { } failure)
            throw failure;
        return Results.NoContent();
    }

    private static async Task<ClearPlan> ClearAsync(string topic, long? beforeOffset, DateTimeOffset? beforeTime, bool? dryRun, TopicOperations topics, CancellationToken ct)
    {
        var plan = await topics.PlanClearAsync(topic, null, beforeOffset, beforeTime, ct);
        if (dryRun is not true)
            await topics.ClearAsync(plan, ct);
        return plan;
    }
}

/// <summary>How many partitions a topic shall have in all.</summary>
internal sealed record PartitionCount(int Total);
