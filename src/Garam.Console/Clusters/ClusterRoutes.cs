using Garam.Operations.Clusters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Clusters;

/// <summary>The brokers that are looked at.</summary>
internal static class ClusterRoutes
{
    public static void MapClusterPages(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/cluster", (int? node, string? q, bool? all) => new RazorComponentResult<ClusterPage>(new { Node = node, Filter = q ?? "", All = all ?? false }));

    public static void MapClusterApi(this IEndpointRouteBuilder api)
    {
        var cluster = api.MapGroup("/cluster").WithTags("console");
        cluster.MapGet("", (ClusterOperations operations, CancellationToken ct) => operations.DescribeAsync(ct)).WithSummary("The cluster: its id, its brokers, and how much is in it.");
        cluster.MapGet("/nodes/{node:int}/configs", (int node, ClusterOperations operations, CancellationToken ct) => operations.ConfigsAsync(node, ct)).WithSummary("The settings of a broker.");
    }
}
