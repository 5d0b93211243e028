using Garam.Console.Overview;
using Garam.Operations.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console;

/// <summary>The console in two verbs: what it needs, and its pages under <c>/console</c> with the HTTP API under <c>/api</c>.</summary>
public static class ConsoleHost
{
    /// <summary>Adds what the console needs.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services, Action<ConsoleOptions> configure)
    {
        var options = new ConsoleOptions();
        configure(options);
        services.AddSingleton(options);
        services.AddRazorComponents();
        services.AddSingleton(_ => new KafkaConnection(options.BootstrapServers));
        return services;
    }

    /// <summary>Maps the pages and the API.</summary>
    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Results.Redirect("/console")).ExcludeFromDescription();
        var pages = routes.MapGroup("/console").ExcludeFromDescription();
        pages.MapGet("", () => new RazorComponentResult<OverviewPage>());
        return routes;
    }
}
