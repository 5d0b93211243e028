using Garam.Messaging.Preparation;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Garam.Outbox;

/// <summary>Registers the relay of an outbox.</summary>
public static class OutboxServices
{
    /// <summary>Adds the relay (<see cref="OutboxRelay"/>) as a hosted service, and <see cref="OutboxHealth"/>. Needs <c>AddMessaging</c>.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="outbox">Finds the outbox when the host starts.</param>
    public static IServiceCollection AddOutboxRelay(this IServiceCollection services, Func<IServiceProvider, SqliteOutbox> outbox)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OutboxHealth>();
        return services.AddHostedService(provider => new OutboxRelay(
            outbox(provider),
            provider.GetRequiredService<IRecordProducer>(),
            provider.GetRequiredService<OutboxHealth>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxRelay>>(),
            provider.GetService<ClusterReadiness>()));
    }
}
