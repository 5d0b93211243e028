using System.Text.Encodings.Web;
using System.Text.Unicode;
using Garam.Console.Clusters;
using Garam.Console.DeadLetters;
using Garam.Console.Endpoints;
using Garam.Console.Groups;
using Garam.Console.Http;
using Garam.Console.Languages;
using Garam.Console.Lives;
using Garam.Console.Messages;
using Garam.Console.Outboxes;
using Garam.Console.Overview;
using Garam.Console.Shell;
using Garam.Console.Snapshots;
using Garam.Console.Topics;
using Garam.Operations.Clusters;
using Garam.Operations.Connections;
using Garam.Operations.DeadLetters;
using Garam.Operations.Groups;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Garam.Console;

/// <summary>The console in two verbs: what it needs, and its pages under <c>/console</c> with the HTTP API under <c>/api</c>.</summary>
public static class ConsoleHost
{
    /// <summary>Adds what the console needs.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services, Action<ConsoleOptions> configure)
    {
        var options = new ConsoleOptions();
        configure(options);
        return services.AddConsole(options);
    }

    /// <summary>The same, with settings that are there already.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services, ConsoleOptions options)
    {
        services.AddSingleton(options);
        services.AddRazorComponents();
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));           // Korean as itself, not as numbers
        services.AddHttpContextAccessor();
        services.AddScoped(scope => Language.Of(scope.GetRequiredService<IHttpContextAccessor>().HttpContext?.Request));
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton(provider => new KafkaConnection(options.BootstrapServers, options.Properties, provider.GetService<ILoggerFactory>()?.CreateLogger("Garam.Console")));
        services.AddSingleton<TopicOperations>();
        services.AddSingleton<GroupOperations>();
        services.AddSingleton<ClusterOperations>();
        services.AddSingleton<MessageOperations>();
        services.AddSingleton(provider => new GroupAlarms(provider.GetRequiredService<KafkaConnection>(), provider.GetRequiredService<TimeProvider>(), options.AlarmDirectory));
        services.AddSingleton<ClusterLook>();
        services.AddSingleton<ClusterView>();
        services.AddSingleton<SizeView>();
        services.AddSingleton<GapView>();
        services.AddSingleton<GroupWatch>();
        services.AddSingleton<History>();
        services.AddSingleton<RecentChanges>();
        services.AddSingleton<Health>();
        services.AddSingleton<GroupSight>();
        services.AddSingleton<DeadLetterOperations>();
        services.AddSingleton<Redrives>();
        services.AddSingleton<DeadLetterView>();
        return services;
    }

    /// <summary>Maps the pages and the API.</summary>
    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Results.Redirect("/console")).ExcludeFromDescription();

        // Whether a form is sent from here is the guard's question, asked of every route alike.
        var pages = routes.MapGroup("/console").ExcludeFromDescription().DisableAntiforgery().Guarded();
        pages.MapOverview();
        pages.MapEndpointPages();
        pages.MapClusterPages();
        pages.MapLanguage();
        pages.MapAssets();
        pages.MapTopicPages();
        pages.MapBulkPages();
        pages.MapMessagePages();
        pages.MapGroupPages();
        pages.MapDeadLetterPages();
        pages.MapLives();
        pages.MapOutboxPages();
        pages.MapNothing();

        var api = routes.MapGroup("/api").DisableAntiforgery().Guarded().AddEndpointFilterFactory(KnownQuery.Require);
        api.MapTopicApi();
        api.MapMessageApi();
        api.MapGroupApi();
        api.MapDeadLetterApi();
        api.MapEndpointApi();
        api.MapOutboxApi();
        api.MapClusterApi();
        return routes;
    }
}
