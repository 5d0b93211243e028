using Garam.Console.Elements;
using Garam.Console.Http;
using Garam.Messaging.Health;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.Groups;
using Garam.Operations.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Groups;

/// <summary>
/// The pages of consumer groups. A reset is three of them: a form, a preview (the answer to the form, which changes nothing), and the result, to
/// which applying leads; so it works without script, and Back and Reload do nothing twice.
/// </summary>
internal static class GroupPages
{
    // A form names every topic of the group, a plan every partition: more than the host's own limits are made for.
    private static readonly FormOptions Roomy = new() { ValueCountLimit = 30_000, ValueLengthLimit = 16 * 1024 * 1024 };

    public static void MapGroupPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/groups", ListAsync);
        pages.MapGet("/group", GroupAsync);
        pages.MapGet("/group/reset", ResetAsync);
        pages.MapPost("/group/reset/preview", PreviewAsync).ChangesNothing();
        pages.MapPost("/group/reset/command", CommandAsync).ChangesNothing();
        pages.MapGet("/group/reset/preview", (string name) => Results.LocalRedirect(GroupAddress.Reset(name)));
        pages.MapPost("/group/reset/apply", ApplyAsync);
        pages.MapGet("/group/reset/done", DoneAsync);
        pages.MapPost("/group/undo", UndoAsync);
        pages.MapPost("/group/alarm", AlarmAsync);
        pages.MapPost("/group/alarm/command", AlarmCommandAsync).ChangesNothing();
        pages.MapPost("/group/delete", DeleteAsync);
        pages.MapPost("/group/delete-offsets", DeleteOffsetsAsync);
    }

    private static async Task<IResult> ListAsync(GroupSight sight, CancellationToken ct, string? q = null, string? state = null, string? sort = null, string? order = null, string? page = null)
    {
        var view = GroupList.Of(q, state, sort, order, page);
        var now = await sight.NowAsync(ct);
        return new RazorComponentResult<GroupsPage>(new
        {
            View = view,
            Rows = view.Matching(sight.Rows(now)),
            Total = now.Groups.Count,
            At = now.IsKnown ? now.At : (DateTimeOffset?)null,
            now.Trouble,
        });
    }

    private static async Task<IResult> GroupAsync(string name, GroupOperations groups, GroupSight sight, IServiceProvider services, CancellationToken ct)
    {
        // Looked at for the history, so that a group whose page is open gets a verdict.
        var (group, undo, now) = (await groups.DescribeAsync(name, ct), await UndoOffer.OfAsync(groups, name, ct), await sight.NowAsync(ct));
        return new RazorComponentResult<GroupPage>(new
        {
            Group = group,
            Reading = sight.Observe(group),
            Trend = sight.Trend(name),
            Undo = undo,
            Endpoints = EndpointsOf(services, name),
            Rule = await RuleAsync(services.GetRequiredService<GroupAlarms>(), name, ct),
            Silence = now.Group(name)?.Silence,
        });
    }

    private static async Task<IResult> ResetAsync(string name, GroupOperations groups, GroupSight sight, CancellationToken ct, string[]? topic = null, string? kind = null, string? offset = null)
    {
        var form = ResetForm.Blank with
        {
            Kind = Enum.TryParse<ResetKind>(kind, ignoreCase: true, out var known) ? known : ResetKind.Start,
            Scope = topic ?? [],
            Offset = offset ?? "",
        };
        return await FormAsync(name, form, null, groups, sight, ct);
    }

    private static async Task<IResult> PreviewAsync(string name, HttpRequest request, GroupOperations groups, GroupSight sight, CancellationToken ct)
    {
        var form = ResetForm.Of(await request.ReadFormAsync(Roomy, ct));
        try
        {
            var (target, scope) = form.Parse();
            return new RazorComponentResult<ResetPreviewPage>(new { Plan = await groups.PlanResetAsync(name, target, scope, ct), Form = form });
        }
        catch (OperationException failure) when (failure.Kind is FailureKind.Invalid or FailureKind.Conflict)
        {
            return await FormAsync(name, form, failure, groups, sight, ct);
        }
    }

    private static async Task<IResult> CommandAsync(string name, HttpRequest request, ConsoleOptions options, CancellationToken ct) =>
        CommandText.Answer(ResetForm.Of(await request.ReadFormAsync(Roomy, ct)).Command(name)?.With("--dry-run"), options);

    private static async Task<IResult> AlarmCommandAsync(string name, HttpRequest request, GroupAlarms alarms, ConsoleOptions options, TimeProvider time, CancellationToken ct)
    {
        var (before, now) = (await RuleAsync(alarms, name, ct), time.GetUtcNow());
        return await CommandText.AnswerAsync(request, options, form => GroupCommands.Alarm(name, AlarmDialog.Read(form, before, now), now), ct);
    }

    private static async Task<IResult> FormAsync(string name, ResetForm form, OperationException? failure, GroupOperations groups, GroupSight sight, CancellationToken ct)
    {
        var group = await groups.DescribeAsync(name, ct);
        var others = (await sight.NowAsync(ct)).Groups.Select(other => other.Name).Where(other => other != name).ToList();
        return new RazorComponentResult<ResetPage>(new { Group = group, Form = form, Others = others, Failure = failure })
        {
            StatusCode = failure is null ? StatusCodes.Status200OK : Failures.StatusOf(failure.Kind),
        };
    }

    private static async Task<IResult> ApplyAsync(string name, HttpRequest request, GroupOperations groups, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(Roomy, ct);
        await groups.ApplyAsync(PlanField.Read(form["plan"], name), ct);
        return Results.LocalRedirect(GroupAddress.Done(name));
    }

    private static async Task<IResult> DoneAsync(string name, GroupOperations groups, CancellationToken ct) =>
        new RazorComponentResult<ResetDonePage>(new { Group = name, Undo = await UndoOffer.OfAsync(groups, name, ct) });

    private static async Task<IResult> UndoAsync(string name, HttpRequest request, GroupOperations groups, CancellationToken ct)
    {
        await groups.TakeBackAsync(name, (await request.ReadFormAsync(ct))["target"], ct);
        return Results.LocalRedirect(GroupAddress.Done(name));
    }

    private static async Task<IResult> AlarmAsync(string name, HttpRequest request, GroupAlarms alarms, TimeProvider time, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var before = (await alarms.RulesAsync(ct)).GetValueOrDefault(name) ?? AlarmRule.None;
        await alarms.SetAsync(name, AlarmDialog.Read(form, before, time.GetUtcNow()), ct);
        return Results.LocalRedirect(GroupAddress.Page(name));
    }

    // A damaged file must not take the page of the group away; the overview says what is wrong with it.
    private static async Task<AlarmRule> RuleAsync(GroupAlarms alarms, string name, CancellationToken ct)
    {
        try
        {
            return (await alarms.RulesAsync(ct)).GetValueOrDefault(name) ?? AlarmRule.None;
        }
        catch (OperationException)
        {
            return AlarmRule.None;
        }
    }

    private static async Task<IResult> DeleteAsync(string name, HttpRequest request, GroupOperations groups, CancellationToken ct)
    {
        Confirm.EnsureNamed((await request.ReadFormAsync(ct))[Confirm.NameField], VisibleText.Of(name, keepLines: false));
        await groups.DeleteAsync(name, ct);
        return Results.LocalRedirect("/console/groups");
    }

    private static async Task<IResult> DeleteOffsetsAsync(string name, HttpRequest request, GroupOperations groups, CancellationToken ct)
    {
        await groups.DeleteOffsetsAsync(name, (await request.ReadFormAsync(ct))["topic"].ToString(), ct);
        return Results.LocalRedirect(GroupAddress.Page(name));
    }

    private static IReadOnlyList<EndpointState> EndpointsOf(IServiceProvider services, string group) =>
        [.. (services.GetService<EndpointStates>()?.All() ?? []).Where(endpoint => endpoint.Group == group)];

    /// <summary>Takes back the last reset, or the last undo; the pages and the API do it alike.</summary>
    /// <param name="groups">Where.</param>
    /// <param name="group">Which group.</param>
    /// <param name="shown">Which of the two the page has offered, so that one that is out of date does not redo what it was to undo; null: whichever it is.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="OperationException">There was none.</exception>
    public static async Task<ResetPlan> TakeBackAsync(this GroupOperations groups, string group, string? shown, CancellationToken ct)
    {
        var plan = await groups.PlanUndoAsync(group, ct)
            ?? throw new OperationException(FailureKind.NotFound, $"there is nothing to undo: group {group} was not reset in the last seven days.");
        return string.IsNullOrEmpty(shown) || shown == plan.Target
            ? await groups.ApplyAsync(plan, ct)
            : throw new OperationException(FailureKind.Conflict, $"group {group} was reset or put back since the page was shown: nothing was changed, look again.");
    }
}
