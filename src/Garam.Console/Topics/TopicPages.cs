using Garam.Console.Elements;
using Garam.Console.Http;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.Groups;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Topics;

/// <summary>Pages of topics, and the forms on them.</summary>
internal static class TopicPages
{
    public static void MapTopicPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/topics", (string? q, bool? @internal, string? sort, int? page) =>
            new RazorComponentResult<TopicsPage>(new { Filter = q, Internal = @internal is true, Sort = sort, Number = page }));
        pages.MapPost("/topics", CreateAsync);
        pages.MapPost("/topics/command", (HttpRequest request, ConsoleOptions options, CancellationToken ct) =>
            CommandText.AnswerAsync(request, options, form => TopicCommands.Create(TopicForms.Create(form)), ct)).ChangesNothing();
        var topic = pages.MapGroup("/topics/{topic}");
        topic.MapGet("", async (string topic, TopicOperations topics, CancellationToken ct) =>
            new RazorComponentResult<TopicPage>(new { Topic = (await topics.DescribeAsync([topic], ct))[0] }));
        topic.MapGet("/count", CountAsync);
        topic.MapGet("/groups", (string topic) => Results.Redirect(TopicAddress.Of(topic) + "#groups"));
        topic.MapGet("/config", async (string topic, bool? edit, string? q, bool? changed, TopicOperations topics, CancellationToken ct) =>
            new RazorComponentResult<TopicConfigPage>(new
            {
                Topic = (await topics.DescribeAsync([topic], ct))[0],
                Configs = await topics.ConfigsAsync(topic, ct),
                Edit = edit is true,
                Filter = q?.Trim() ?? "",
                Changed = changed is true,
            }));
        topic.MapPost("/config/preview", PreviewAsync).ChangesNothing();
        topic.MapPost("/config", ApplyAsync);
        topic.MapPost("/partitions", AddPartitionsAsync);
        topic.MapPost("/partitions/command", (string topic, HttpRequest request, ConsoleOptions options, CancellationToken ct) =>
            CommandText.AnswerAsync(request, options, form => TopicCommands.AddPartitions(topic, TopicForms.Total(form)), ct)).ChangesNothing();
        topic.MapGet("/clear", ClearPreviewAsync);
        topic.MapPost("/clear", ClearAsync);
        topic.MapPost("/delete", DeleteAsync);
    }

    // A page cannot be waited for as long as a large topic takes: it says how far it came, and offers to go on for longer.
    private static async Task<IResult> CountAsync(string topic, int? wait, string? group, TopicOperations topics, GroupOperations groups, CancellationToken ct)
    {
        var limit = TimeSpan.FromSeconds(Math.Clamp(wait ?? CountPage.FirstLimit, 1, CountPage.LongestLimit));
        var from = string.IsNullOrEmpty(group) ? null : await groups.CommittedAsync(group, topic, ct);
        CountProgress? counted = null;
        await foreach (var progress in topics.CountAsync(topic, limit, from, ct))
            counted = progress;
        return new RazorComponentResult<CountPage>(new { Counted = counted, Limit = limit, Group = string.IsNullOrEmpty(group) ? null : group });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, TopicOperations topics, CancellationToken ct)
    {
        var asked = TopicForms.Create(await context.Request.ReadFormAsync(ct));
        var outcomes = await topics.CreateAsync([asked.Name], asked.Partitions, asked.ReplicationFactor, asked.Configs ?? new Dictionary<string, string>(), dryRun: false, ct);
        return outcomes[0].Failure is { } failure ? throw failure : Results.Redirect(TopicAddress.Of(asked.Name));
    }

    private static async Task<IResult> PreviewAsync(string topic, HttpContext context, TopicOperations topics, CancellationToken ct)
    {
        var described = (await topics.DescribeAsync([topic], ct))[0];
        var configs = await topics.ConfigsAsync(topic, ct);
        var changes = ConfigChange.Of(configs, await context.Request.ReadFormAsync(ct));
        OperationException? refused = null;
        try
        {
            if (changes.Count > 0)
                await topics.SetConfigsAsync(topic, ConfigChange.Values(changes), dryRun: true, ct);
        }
        catch (OperationException failure) when (failure.Kind is FailureKind.Invalid)
        {
            refused = failure;
        }

        var shown = new { Topic = described, Changes = changes, Refused = refused };
        return new RazorComponentResult<ConfigPreviewPage>(shown) { StatusCode = refused is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest };
    }

    private static async Task<IResult> ApplyAsync(string topic, HttpContext context, TopicOperations topics, CancellationToken ct)
    {
        var changes = ConfigChange.Of(await topics.ConfigsAsync(topic, ct), await context.Request.ReadFormAsync(ct));
        if (changes.Count > 0)
            await topics.SetConfigsAsync(topic, ConfigChange.Values(changes), dryRun: false, ct);
        return Results.Redirect($"{TopicAddress.Of(topic)}/config");
    }

    private static async Task<IResult> AddPartitionsAsync(string topic, HttpContext context, TopicOperations topics, CancellationToken ct)
    {
        await topics.AddPartitionsAsync(topic, TopicForms.Total(await context.Request.ReadFormAsync(ct)), dryRun: false, ct);
        return Results.Redirect(TopicAddress.Of(topic));
    }

    private static async Task<IResult> ClearPreviewAsync(string topic, string? before, TopicOperations topics, CancellationToken ct)
    {
        var time = TopicForms.Before(before);
        return new RazorComponentResult<ClearPage>(new { Plan = await topics.PlanClearAsync(topic, null, null, time, ct), Before = time });
    }

    // What was shown is what goes: records that have come since stay, because the form brings the offsets of its preview along.
    private static async Task<IResult> ClearAsync(string topic, HttpContext context, TopicOperations topics, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        Confirm.EnsureNamed(form[Confirm.NameField], topic);
        var now = await topics.PlanClearAsync(topic, null, null, null, ct);
        await topics.ClearAsync(now with { Partitions = [.. now.Partitions.Select(partition => Shown(partition, form)).OfType<ClearedPartition>()] }, ct);
        return Results.Redirect(TopicAddress.Of(topic));
    }

    private static ClearedPartition? Shown(ClearedPartition now, IFormCollection form) =>
        TopicForms.Number<long>(form, $"before{now.Partition}") is { } before && before > now.StartOffset ? now with { Before = Math.Min(before, now.EndOffset) } : null;

    private static async Task<IResult> DeleteAsync(string topic, HttpContext context, TopicOperations topics, CancellationToken ct)
    {
        Confirm.EnsureNamed((await context.Request.ReadFormAsync(ct))[Confirm.NameField], topic);
        return (await topics.DeleteAsync([topic], ct))[0].Failure is { } failure ? throw failure : Results.Redirect("/console/topics");
    }
}
