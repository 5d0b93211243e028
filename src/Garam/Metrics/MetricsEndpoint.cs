using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Garam.Metrics;

/// <summary><c>GET /metrics</c>, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app) =>
        app.MapGet("/metrics", (MetricsListener metrics) =>
        {
            var text = new StringWriter();
            metrics.WriteTo(text);
            return Results.Text(text.ToString(), PrometheusText.ContentType, Encoding.UTF8);
        }).ExcludeFromDescription();
}
