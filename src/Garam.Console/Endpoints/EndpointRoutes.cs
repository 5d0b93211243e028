using Garam.Console.Http;
using Garam.Messaging.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Endpoints;

/// <summary>The endpoints of this process: which records they handle, and what keeps them from it.</summary>
internal static class EndpointRoutes
{
    public static void MapEndpointPages(this IEndpointRouteBuilder pages) => pages.MapGet("/services", () => new RazorComponentResult<ServicesPage>());

    public static void MapEndpointApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/services", (IServiceProvider services) => ConsoleJson.Answer(services.GetService<EndpointStates>()?.All() ?? []))
            .Produces<IReadOnlyList<EndpointState>>().WithTags("console").WithSummary("The endpoints of this process: counts since its start, and the state of each partition.");
}
