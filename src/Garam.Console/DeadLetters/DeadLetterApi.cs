using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Garam.Console.Http;
using Garam.Operations;
using Garam.Operations.DeadLetters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.DeadLetters;

/// <summary>Dead letters for programs. As on the pages, what is sent back is a plan that was asked for before: its id stands for exactly these letters.</summary>
internal static class DeadLetterApi
{
    public static void MapDeadLetterApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/dead-letters", async (DeadLetterOperations letters, CancellationToken ct) => ConsoleJson.Answer(await letters.ListAsync(ct))).WithName("listDeadLetterTopics");
        api.MapGet("/dead-letters/{topic}", LettersAsync).WithName("listDeadLetters");
        api.MapGet("/dead-letters/{topic}/{partition:int:min(0)}/{offset:long:min(0)}", LetterAsync).WithName("getDeadLetter");
        api.MapPost("/dead-letters/{topic}/plan", PlanAsync).ChangesNothing().WithName("planRedrive");
        api.MapPost("/dead-letters/redrives", BeginAsync).WithName("redrive");
        api.MapGet("/dead-letters/redrives/{id}", (string id, Redrives redrives) => ConsoleJson.Answer(redrives.Job(id).Status)).WithName("getRedrive");
        api.MapDelete("/dead-letters/redrives/{id}", Stop).WithName("stopRedrive");
        api.MapGet("/dead-letters/redrives/{id}/events", (string id, Redrives redrives, CancellationToken ct) => TypedResults.ServerSentEvents(EventsAsync(redrives.Job(id), ct)))
            .WithName("followRedrive");
    }

    private static async Task<IResult> LettersAsync(string topic, DeadLetterOperations letters, CancellationToken ct, string? q = null, string? state = null, string? limit = null)
    {
        var query = string.IsNullOrWhiteSpace(q) ? null : ((RedriveSelection.Matching)DeadLetterPages.Selection(q)).Query;
        var found = await letters.ReadAsync(topic, query, DeadLetterPages.Limit(limit), state == "all", ct).ToListAsync(ct);
        return ConsoleJson.Answer(found.Select(LetterLine.Of));
    }

    private static async Task<IResult> LetterAsync(string topic, int partition, long offset, DeadLetterOperations letters, CancellationToken ct) =>
        ConsoleJson.Answer(LetterLine.Of(await DeadLetterPages.GetAsync(letters, topic, partition, offset, ct)));

    private static async Task<IResult> PlanAsync(string topic, HttpRequest request, DeadLetterOperations letters, Redrives redrives, CancellationToken ct)
    {
        var asked = await ConsoleJson.ReadAsync<PlanRequest>(request, ct);
        var plan = await letters.PlanAsync(topic, Selection(asked), asked.Edit?.ToEdit(), asked.To, ct);
        return ConsoleJson.Answer(new { Id = redrives.Keep(plan), plan.Count, plan.AlreadyRedriven, plan.NotSendable, plan.Targets, plan.Readers, plan.Warnings, plan.Diff });
    }

    private static RedriveSelection Selection(PlanRequest request)
    {
        if (request is { Letter: not null, Query: not null })
            throw new OperationException(FailureKind.Invalid, "a plan is for one letter or for those that a query selects, not for both.");
        try
        {
            return request.Letter is { } place ? RedriveSelection.Place.Parse(place) : DeadLetterPages.Selection(request.Query);
        }
        catch (FormatException exception)
        {
            throw new OperationException(FailureKind.Invalid, exception.Message, exception);
        }
    }

    private static async Task<IResult> BeginAsync(HttpRequest request, Redrives redrives, CancellationToken ct)
    {
        var asked = await ConsoleJson.ReadAsync<RedriveRequest>(request, ct);
        var job = redrives.Begin(asked.Plan ?? "", asked.RatePerSecond);
        return ConsoleJson.Answer(new { job.Id }, StatusCodes.Status202Accepted);
    }

    private static IResult Stop(string id, Redrives redrives)
    {
        redrives.Job(id).Stop();
        return Results.Accepted();
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(RedriveJob job, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var status in job.FollowAsync(ct))
            yield return new SseItem<string>(JsonSerializer.Serialize(status, ConsoleJson.Options), status.State is RedriveState.Running ? "progress" : "done");
    }

    /// <summary>What a plan is asked for with.</summary>
    /// <param name="Letter"><c>PARTITION:OFFSET</c>; null: not one letter.</param>
    /// <param name="Query">In the query language; null or empty, and no letter: all open ones.</param>
    /// <param name="To">Topic to send to; null: where each letter comes from.</param>
    /// <param name="Edit">What to send instead, for one letter.</param>
    internal sealed record PlanRequest(string? Letter, string? Query, string? To, EditLine? Edit);

    /// <summary>What a re-drive is begun with.</summary>
    /// <param name="Plan">The id of the plan.</param>
    /// <param name="RatePerSecond">Null: as fast as the letters are acknowledged.</param>
    internal sealed record RedriveRequest(string? Plan, double? RatePerSecond);
}
