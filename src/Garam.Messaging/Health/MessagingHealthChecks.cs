using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Garam.Messaging.Health;

/// <summary>Messaging's part in ASP.NET's health checks: <c>services.AddHealthChecks().AddMessaging()</c>.</summary>
public static class MessagingHealthChecks
{
    /// <summary>
    /// Adds a check that is unhealthy while somebody must act, and degraded while something passes by itself. Its description names every problem, and its data
    /// has one entry for each.
    /// </summary>
    /// <param name="builder">Of <c>services.AddHealthChecks()</c>.</param>
    /// <param name="name">Name of the check. Default <c>messaging</c>.</param>
    /// <param name="tags">Tags by which checks are chosen. Default none.</param>
    public static IHealthChecksBuilder AddMessaging(this IHealthChecksBuilder builder, string name = "messaging", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, provider => new Check(provider.GetRequiredService<MessagingHealth>()), failureStatus: null, tags));
    }

    private sealed class Check(MessagingHealth health) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var problems = health.Problems();
            var status = problems switch
            {
                [] => HealthStatus.Healthy,
                _ when problems.Any(problem => problem.Severity is ProblemSeverity.Unhealthy) => HealthStatus.Unhealthy,
                _ => HealthStatus.Degraded,
            };
            return Task.FromResult(new HealthCheckResult(
                status,
                problems.Count == 0 ? null : string.Join(" ", problems.Select(problem => problem.Text)),
                data: problems.Index().ToDictionary(problem => $"problem {problem.Index + 1}", object (problem) => problem.Item.Text)));
        }
    }
}
