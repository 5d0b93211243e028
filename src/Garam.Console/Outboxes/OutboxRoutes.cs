using Garam.Console.Http;
using Garam.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Outboxes;

/// <summary>The outboxes of this process, as pages and over HTTP.</summary>
internal static class OutboxRoutes
{
    public const string Home = "/console/outbox";

    /// <summary>Messages of a page, and of an answer unless more are asked for.</summary>
    public const int DefaultLimit = 100;

    private const int MaxLimit = 10_000;

    public static string Message(string outbox, long id) => $"{Home}/{Uri.EscapeDataString(outbox)}/{id}";

    public static void MapOutboxPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/outbox", (bool? all, IServiceProvider services) =>
            new RazorComponentResult<OutboxesPage>(new { Outboxes = services.GetService<IOutboxes>(), All = all is true }));
        pages.MapGet("/outbox/{outbox}/{id:long:min(1)}", (string outbox, long id, IServiceProvider services) =>
            new RazorComponentResult<OutboxMessagePage>(new { Outboxes = In(services), Outbox = outbox, Message = Find(In(services), outbox, id) }));
        pages.MapPost("/outbox/{outbox}/{id:long:min(1)}/{verb}", async (string outbox, long id, string verb, IServiceProvider services, CancellationToken ct) =>
        {
            await DecideAsync(In(services), outbox, id, ActionOf(verb), ct);
            return Results.LocalRedirect(Home);
        });
    }

    public static void MapOutboxApi(this IEndpointRouteBuilder api)
    {
        var outboxes = api.MapGroup("/outboxes").WithTags("console");
        outboxes.MapGet("", (IServiceProvider services) => ConsoleJson.Answer(services.GetService<IOutboxes>()?.All() ?? []))
            .Produces<IReadOnlyList<OutboxView>>().WithSummary("The outboxes of this process: how many messages wait, since when, and what is wrong.");
        outboxes.MapGet("/{outbox}/messages", (string outbox, bool? all, long? after, int? limit, IServiceProvider services) =>
                ConsoleJson.Answer(Read(In(services), outbox, all is true, after ?? 0, limit ?? DefaultLimit)))
            .Produces<IReadOnlyList<OutboxMessageView>>().WithSummary("Undeliverable messages, the oldest first; ?all=true: those that wait, too; ?after=ID reads on.");
        outboxes.MapPost("/{outbox}/messages/{id:long:min(1)}/{verb}", async (string outbox, long id, string verb, IServiceProvider services, CancellationToken ct) =>
        {
            await DecideAsync(In(services), outbox, id, ActionOf(verb), ct);
            return Results.NoContent();
        }).WithSummary("retry, remove or dead-letter.");
    }

    private static IOutboxes In(IServiceProvider services) => services.GetService<IOutboxes>()
        ?? throw new OperationException(FailureKind.NotFound, "this process has no outbox: the content platform runs in garam up.");

    private static IReadOnlyList<OutboxMessageView> Read(IOutboxes outboxes, string outbox, bool all, long after, int limit) =>
        outboxes.Read(outbox, all, after, Math.Clamp(limit, 1, MaxLimit)) ?? throw NoSuchOutbox(outbox);

    private static OutboxMessageView Find(IOutboxes outboxes, string outbox, long id) =>
        Read(outboxes, outbox, all: true, id - 1, limit: 1) is [var message] && message.Id == id ? message : throw NoSuchMessage(outbox, id);

    private static async Task DecideAsync(IOutboxes outboxes, string outbox, long id, OutboxAction action, CancellationToken ct)
    {
        if (outboxes.Read(outbox, all: true, 0, 1) is null)
            throw NoSuchOutbox(outbox);
        switch (await outboxes.DecideAsync(outbox, id, action, ct))
        {
            case OutboxOutcome.NotFound when action is OutboxAction.Retry:
                throw new OperationException(
                    FailureKind.NotFound, $"outbox {outbox} has no undeliverable message {id}: it was sent or removed, or is being retried already.");
            case OutboxOutcome.NotFound:
                throw NoSuchMessage(outbox, id);
            case OutboxOutcome.BeingSent:
                throw new OperationException(FailureKind.Conflict, $"message {id} of outbox {outbox} is being sent right now: nothing was done.");
            case OutboxOutcome.Unreadable:
                throw new OperationException(FailureKind.Conflict, $"message {id} of outbox {outbox} cannot be read and so cannot become a dead letter: remove it.");
        }
    }

    private static OutboxAction ActionOf(string text) => text switch
    {
        "retry" => OutboxAction.Retry,
        "remove" => OutboxAction.Remove,
        "dead-letter" => OutboxAction.DeadLetter,
        _ => throw new OperationException(FailureKind.NotFound, $"there is no action '{text}': use retry, remove or dead-letter."),
    };

    private static OperationException NoSuchOutbox(string outbox) => new(FailureKind.NotFound, $"there is no outbox {outbox} in this process.");

    private static OperationException NoSuchMessage(string outbox, long id) => new(
        FailureKind.NotFound, $"outbox {outbox} has no message {id} (any more): it was sent or removed.");
}
