using Garam.Console.Overview;
using Garam.Messaging.Health;
using Garam.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Up;

/// <summary>
/// <c>/healthz</c>: the process lives, and a restart would not help. <c>/readyz</c>: it does its work; 503 while a part of it stands still
/// until somebody acts. The answer names what is wrong.
/// </summary>
internal static class Probes
{
    public static void MapProbes(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok").ExcludeFromDescription();
        app.MapGet("/readyz", Readiness).ExcludeFromDescription();
    }

    private static IResult Readiness(IServiceProvider services)
    {
        var problems = services.GetRequiredService<MessagingHealth>().Problems();
        var outbox = services.GetService<OutboxHealth>()?.Problems() ?? [];
        var broker = services.GetService<IBrokerHealth>()?.Problems ?? [];
        var unhealthy = problems.Any(problem => problem.Severity is ProblemSeverity.Unhealthy);
        var answer = new Answer(
            unhealthy ? "unhealthy" : problems.Count + outbox.Count + broker.Count > 0 ? "degraded" : "ready",
            [.. broker.Select(problem => $"broker: {problem}"), .. problems.Select(problem => $"{problem.Group}: {problem.Message}"), .. outbox.Select(problem => $"outbox: {problem}")]);
        return Results.Json(answer, statusCode: unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private sealed record Answer(string Status, IReadOnlyList<string> Problems);
}
