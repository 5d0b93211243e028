using Garam.Messaging.Preparation;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Outbox;

/// <summary>Registers the relay of an outbox.</summary>
public static class OutboxServices
{
    /// <summary>
    /// Adds the relay (<see cref="OutboxRelay"/>) of one store's outbox as a hosted service, and <see cref="OutboxHealth"/> and <see
    /// cref="OutboxOperations"/> once for all
    /// relays. Call it once for each store. Needs <c>AddMessaging</c>.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="outbox">Finds the outbox when the host starts.</param>
    public static IServiceCollection AddOutboxRelay(this IServiceCollection services, Func<IServiceProvider, SqliteOutbox> outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OutboxHealth>();
        services.TryAddSingleton<OutboxOperations>();

        // Not AddHostedService: it takes two relays for one, as they have one type.
        return services.AddSingleton<IHostedService>(provider => new OutboxRelay(
            outbox(provider),
            provider.GetRequiredService<IRecordProducer>(),
            provider.GetRequiredService<OutboxHealth>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxRelay>>(),
            provider.GetService<ClusterReadiness>()));
    }
}
