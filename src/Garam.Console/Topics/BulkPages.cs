using Garam.Console.Elements;
using Garam.Console.Http;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Topics;

/// <summary>Actions on several topics at once, from the list: one plan, one confirmation, an outcome for each topic.</summary>
internal static class BulkPages
{
    // A plan of many topics names every partition of them.
    private static readonly FormOptions Roomy = new() { ValueLengthLimit = 16 * 1024 * 1024 };

    public static void MapBulkPages(this IEndpointRouteBuilder pages)
    {
        pages.MapPost("/topics/selected/plan", PlanAsync).ChangesNothing();
        pages.MapPost("/topics/selected/apply", ApplyAsync);
    }

    private static async Task<IResult> PlanAsync(HttpRequest request, TopicOperations topics, CancellationToken ct)
    {
        var action = BulkAction.Of(await request.ReadFormAsync(Roomy, ct));
        return new RazorComponentResult<BulkPlanPage>(new { Action = action, Lines = await action.PlanAsync(topics, ct) });
    }

    private static async Task<IResult> ApplyAsync(HttpRequest request, TopicOperations topics, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(Roomy, ct);
        var action = BulkAction.Of(form);
        Confirm.EnsureNamed(form[Confirm.NameField], BulkAction.Phrase(action.Topics.Count));
        var outcomes = await action.ApplyAsync(topics, BulkAction.Read(form["plan"].ToString()), ct);
        var status = outcomes.All(outcome => outcome.Failure is null) ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        return new RazorComponentResult<BulkDonePage>(new { Action = action, Outcomes = outcomes }) { StatusCode = status };
    }
}
