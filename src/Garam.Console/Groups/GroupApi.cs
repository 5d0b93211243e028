using Garam.Console.Http;
using Garam.Operations;
using Garam.Operations.Groups;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Groups;

/// <summary>Consumer groups for programs. What a page does in three steps is two here: ask for a plan, and send it back.</summary>
internal static class GroupApi
{
    public static void MapGroupApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/groups", ListAsync).WithName("listGroups");
        api.MapGet("/group", async (string name, GroupOperations groups, CancellationToken ct) => ConsoleJson.Answer(await groups.DescribeAsync(name, ct))).WithName("describeGroup");
        api.MapPost("/group/reset/plan", PlanAsync).ChangesNothing().WithName("planGroupReset");
        api.MapPost("/group/reset", ApplyAsync).WithName("resetGroup");
        api.MapPost("/group/undo", UndoAsync).WithName("undoGroupReset");
        api.MapDelete("/group", DeleteAsync).WithName("deleteGroup");
        api.MapDelete("/group/offsets", DeleteOffsetsAsync).WithName("deleteGroupOffsets");
    }

    private static async Task<IResult> ListAsync(GroupSight sight, CancellationToken ct, string? q = null, string? state = null, string? sort = null, string? order = null)
    {
        var now = await sight.NowAsync(ct);
        if (!now.IsKnown && now.Trouble is { } trouble)
            throw trouble;
        return ConsoleJson.Answer(new { now.At, Groups = GroupList.Of(q, state, sort, order, null).Matching(sight.Rows(now)) });
    }

    private static async Task<IResult> PlanAsync(string name, HttpRequest request, GroupOperations groups, CancellationToken ct)
    {
        var asked = await ConsoleJson.ReadAsync<ResetRequest>(request, ct);
        try
        {
            var scope = asked.Topics is { Count: > 0 } topics ? ResetScope.Parse(topics) : null;
            return ConsoleJson.Answer(await groups.PlanResetAsync(name, ResetTarget.Parse(asked.To ?? ""), scope, ct));
        }
        catch (FormatException exception)
        {
            throw new OperationException(FailureKind.Invalid, exception.Message, exception);
        }
    }

    private static async Task<IResult> ApplyAsync(string name, HttpRequest request, GroupOperations groups, CancellationToken ct) =>
        ConsoleJson.Answer(await groups.ApplyAsync(PlanField.Checked(await ConsoleJson.ReadAsync<ResetPlan>(request, ct), name), ct));

    private static async Task<IResult> UndoAsync(string name, GroupOperations groups, CancellationToken ct) => ConsoleJson.Answer(await groups.TakeBackAsync(name, shown: null, ct));

    private static async Task<IResult> DeleteAsync(string name, GroupOperations groups, CancellationToken ct)
    {
        await groups.DeleteAsync(name, ct);
        return Results.NoContent();
    }

    private static async Task<IResult> DeleteOffsetsAsync(string name, string topic, GroupOperations groups, CancellationToken ct)
    {
        await groups.DeleteOffsetsAsync(name, topic, ct);
        return Results.NoContent();
    }

    /// <summary>What a reset is asked for with.</summary>
    /// <param name="To">As <see cref="ResetTarget.Parse"/> reads it.</param>
    /// <param name="Topics">As <see cref="ResetScope.Parse"/> reads them; null: all.</param>
    internal sealed record ResetRequest(string? To, IReadOnlyList<string>? Topics);
}
