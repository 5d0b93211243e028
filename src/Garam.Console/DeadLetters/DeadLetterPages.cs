using System.Globalization;
using Garam.Console.Http;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.DeadLetters;
using Garam.Operations.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.DeadLetters;

/// <summary>
/// The pages of dead letters, from the list of topics to the letter, and from there back into the stream: a letter is looked at, corrected where
/// that is needed, previewed and sent. Nothing is sent by any page but the last button of a preview.
/// </summary>
internal static class DeadLetterPages
{
    /// <summary>Letters of a page unless more are asked for.</summary>
    public const int DefaultLimit = 50;

    private const int MostLetters = 1_000;

    // A letter may be as large as a record may be.
    private static readonly FormOptions Roomy = new() { ValueCountLimit = 8_192, ValueLengthLimit = 32 * 1024 * 1024 };

    /// <summary>A short re-drive is done before its page is shown: one look less for the reader.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public static void MapDeadLetterPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/dead-letters", ListAsync);
        pages.MapGet("/dead-letters/{topic}", TopicAsync);
        pages.MapGet("/dead-letters/{topic}/{partition:int:min(0)}/{offset:long:min(0)}", LetterAsync);
        pages.MapPost("/dead-letters/{topic}/{partition:int:min(0)}/{offset:long:min(0)}/plan", PlanOneAsync).ChangesNothing();
        pages.MapGet("/dead-letters/{topic}/{partition:int:min(0)}/{offset:long:min(0)}/plan", (string topic, int partition, long offset) => Results.LocalRedirect(LetterAddress.Letter(new(topic, partition, offset))));
        pages.MapPost("/dead-letters/{topic}/plan", PlanManyAsync).ChangesNothing();
        pages.MapGet("/dead-letters/{topic}/plans/{id}", (string id) => new RazorComponentResult<PlanPage>(new { Id = id }));
        pages.MapPost("/dead-letters/{topic}/redrive", RedriveAsync);
        pages.MapPost("/dead-letters/{topic}/redrive/command", (string topic, HttpRequest request, Redrives redrives, ConsoleOptions options, CancellationToken ct) =>
            CommandText.AnswerAsync(request, options, form => LetterCommands.Redrive(redrives.Plan(form["plan"].ToString()) with { RatePerSecond = Rate(form["rate"].ToString()) }), ct)).ChangesNothing();
        pages.MapGet("/dead-letters/{topic}/redrives/{id}", (string id) => new RazorComponentResult<RedrivePage>(new { Id = id }));
        pages.MapPost("/dead-letters/{topic}/redrives/{id}/stop", StopAsync);
    }

    private static async Task<IResult> ListAsync(DeadLetterOperations letters, CancellationToken ct) =>
        new RazorComponentResult<DeadLettersPage>(new { Topics = await letters.ListAsync(ct) });

    private static async Task<IResult> TopicAsync(string topic, DeadLetterOperations letters, CancellationToken ct, string? q = null, string? state = null, string? limit = null)
    {
        var view = new LetterView(topic, q?.Trim() ?? "", state == "all", Limit(limit));
        var summary = (await letters.ListAsync(ct)).FirstOrDefault(known => known.Topic == topic);
        IReadOnlyList<DeadLetter> found = [];
        QuerySyntaxException? mistake = null;
        try
        {
            found = await letters.ReadAsync(topic, view.Parsed(), view.Limit, view.All, ct).ToListAsync(ct);
        }
        catch (QuerySyntaxException exception)
        {
            mistake = exception;
        }

        return new RazorComponentResult<LettersPage>(new { View = view, Summary = summary, Letters = found, Mistake = mistake })
        {
            StatusCode = mistake is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    private static async Task<IResult> LetterAsync(string topic, int partition, long offset, DeadLetterOperations letters, CancellationToken ct)
    {
        var letter = await GetAsync(letters, topic, partition, offset, ct);
        return new RazorComponentResult<LetterPage>(new { Letter = letter, Form = LetterForm.Of(letter) });
    }

    private static async Task<IResult> PlanOneAsync(string topic, int partition, long offset, HttpRequest request, DeadLetterOperations letters, Redrives redrives, CancellationToken ct)
    {
        var letter = await GetAsync(letters, topic, partition, offset, ct);
        var form = LetterForm.Of(letter, await request.ReadFormAsync(Roomy, ct));
        try
        {
            var plan = await letters.PlanAsync(topic, new RedriveSelection.Place(partition, offset), form.Edit(letter), ct);
            return Results.LocalRedirect(LetterAddress.Plan(topic, redrives.Keep(plan)));
        }
        catch (OperationException failure) when (failure.Kind is FailureKind.Invalid or FailureKind.Conflict)
        {
            return new RazorComponentResult<LetterPage>(new { Letter = letter, Form = form, Failure = failure }) { StatusCode = Failures.StatusOf(failure.Kind) };
        }
    }

    private static async Task<IResult> PlanManyAsync(string topic, HttpRequest request, DeadLetterOperations letters, Redrives redrives, CancellationToken ct)
    {
        var query = (await request.ReadFormAsync(ct))["q"].ToString();
        var plan = await letters.PlanAsync(topic, Selection(query), null, ct);
        return Results.LocalRedirect(LetterAddress.Plan(topic, redrives.Keep(plan)));
    }

    private static async Task<IResult> RedriveAsync(string topic, HttpRequest request, Redrives redrives, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var job = redrives.Begin(form["plan"].ToString(), Rate(form["rate"].ToString()));
        await Task.WhenAny(job.Done, Task.Delay(Moment, ct));
        return Results.LocalRedirect(LetterAddress.Job(job));
    }

    private static async Task<IResult> StopAsync(string topic, string id, Redrives redrives, CancellationToken ct)
    {
        var job = redrives.Job(id);
        job.Stop();
        await Task.WhenAny(job.Done, Task.Delay(Moment, ct));
        return Results.LocalRedirect(LetterAddress.Job(job));
    }

    internal static async Task<DeadLetter> GetAsync(DeadLetterOperations letters, string topic, int partition, long offset, CancellationToken ct) =>
        await letters.GetAsync(topic, partition, offset, ct)
        ?? throw new OperationException(FailureKind.NotFound, $"there is no dead letter at {topic}:{partition}:{offset} (any more).");

    /// <exception cref="OperationException">The query cannot be understood.</exception>
    internal static RedriveSelection Selection(string? query)
    {
        try
        {
            return string.IsNullOrWhiteSpace(query) ? new RedriveSelection.All() : new RedriveSelection.Matching(RecordQuery.Parse(query));
        }
        catch (FormatException exception)
        {
            throw new OperationException(FailureKind.Invalid, exception.Message, exception);
        }
    }

    /// <exception cref="OperationException">It is no rate.</exception>
    internal static double? Rate(string text) => text.Trim() switch
    {
        "" => null,
        var rate when double.TryParse(rate, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perSecond) && perSecond is >= 0.01 and <= 1_000_000 => perSecond,
        _ => throw new OperationException(FailureKind.Invalid, "the rate is a number of letters in a second, from 0.01 to 1000000; empty: as fast as they are acknowledged."),
    };

    internal static int Limit(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, MostLetters) : DefaultLimit;
}

/// <summary>What of a topic is looked at: all of it stands in the address.</summary>
/// <param name="Topic">The dead-letter topic.</param>
/// <param name="Query">Only letters that match; empty: all.</param>
/// <param name="All">Those too that were sent back.</param>
/// <param name="Limit">How many at most.</param>
public sealed record LetterView(string Topic, string Query, bool All, int Limit)
{
    /// <exception cref="QuerySyntaxException">The query cannot be understood.</exception>
    public RecordQuery? Parsed() => Query.Length == 0 ? null : RecordQuery.Parse(Query);
}
