using Garam.Console.Overview;
using Garam.Messaging.Health;
using Garam.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Garam.Up;

/// <summary>
/// <c>/healthz</c>: the process lives, and a restart would not help. <c>/readyz</c>: it does its work; 503 while a part of it stands still
/// until somebody acts. The answer names every problem that the health checks report.
/// </summary>
internal static class Probes
{
    public static void AddProbes(this IServiceCollection services) => services.AddHealthChecks().AddMessaging().AddCheck<BrokerCheck>("broker").AddCheck<OutboxCheck>("outbox");

    public static void MapProbes(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok").ExcludeFromDescription();
        app.MapGet("/readyz", ReadinessAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadinessAsync(HealthCheckService checks, CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(ct);
        var status = report.Status switch
        {
            HealthStatus.Healthy => "ready",
            HealthStatus.Degraded => "degraded",
            _ => "unhealthy",
        };
        return Results.Json(
            new Answer(status, [.. report.Entries.SelectMany(Problems)]),
            statusCode: report.Status is HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    /// <summary>A check has one entry for each problem; one that failed itself has an exception.</summary>
    private static IEnumerable<string> Problems(KeyValuePair<string, HealthReportEntry> check) => check.Value switch
    {
        { Status: HealthStatus.Healthy } => [],
        { Data.Count: > 0 } entry => entry.Data.Values.Select(problem => $"{problem}"),
        var entry => [$"{check.Key}: {entry.Description ?? entry.Exception?.Message}"],
    };

    private sealed record Answer(string Status, IReadOnlyList<string> Problems);

    private sealed class OutboxCheck(OutboxHealth? health = null) : ProblemsCheck("outbox", () => health?.Problems() ?? []);

    private sealed class BrokerCheck(IBrokerHealth? health = null) : ProblemsCheck("broker", () => health?.Problems ?? []);

    /// <summary>Degraded while there are problems.</summary>
    private abstract class ProblemsCheck(string part, Func<IReadOnlyList<string>> find) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var problems = find();
            return Task.FromResult(problems.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(string.Join(" ", problems), data: problems.Index().ToDictionary(problem => $"problem {problem.Index + 1}", object (problem) => $"{part}: {problem.Item}")));
        }
    }
}
