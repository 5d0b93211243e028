using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Groups;
using Garam.Messaging.Health;
using Garam.Messaging.Preparation;
using Garam.Messaging.Producing;
using Garam.Messaging.Telemetry;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Garam.Messaging;

/// <summary>Registers messaging.</summary>
public static class MessagingServices
{
    /// <summary>
    /// Adds the producer (<see cref="IRecordProducer"/>), <see cref="ITopicAdmin"/>, <see cref="MessagingHealth"/>, <see cref="EndpointStates"/> and the consumers of
    /// what is mapped by <see cref="TopicGroupHostExtensions.MapTopicGroup"/>. Consumers start when the host has started and
    /// every <see cref="IClusterPreparation"/> is done, and stop before the producer.
    /// Called again, it adds nothing but <paramref name="configure"/>, which is applied after those before it; so is
    /// <c>services.Configure&lt;MessagingOptions&gt;(...)</c>.
    /// </summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services, Action<MessagingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<MessagingOptions>().Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(MessagingHost)))
        {
            return services;
        }

        // Without a resolver of its own, options would read nothing: the default reflects over the payloads' types.
        services.PostConfigure<MessagingOptions>(options => options.Json?.MakeReadOnly(populateMissingResolver: true));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<MessagingOptions>>().Value);
        services.AddSingleton<TopicGroups>();
        services.AddSingleton<MessagingHealth>();
        services.AddSingleton<EndpointStates>();
        services.AddSingleton<BrokerContact>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MessagingTelemetry>();
        services.AddSingleton<MessagingBackground>();
        services.AddSingleton<RecordProducer>();
        services.AddSingleton<IRecordProducer>(provider => provider.GetRequiredService<RecordProducer>());
        services.AddSingleton<TopicAdmin>();
        services.AddSingleton<ITopicAdmin>(provider => provider.GetRequiredService<TopicAdmin>());
        services.AddSingleton<IGroupAdmin, GroupAdmin>();
        services.AddSingleton(provider => new ClusterReadiness(
            provider.GetServices<IClusterPreparation>(), provider.GetRequiredService<MessagingOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ClusterReadiness>>()));
        services.AddSingleton<TransientFaults>();
        services.AddKeyedSingleton(DeadLetters.ProducerKey, (provider, _) => ActivatorUtilities.CreateInstance<RecordProducer>(
            provider, (Func<MessagingOptions, Confluent.Kafka.ProducerConfig>)ClientConfiguration.ForDeadLetters));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeadLetters>(provider, provider.GetRequiredKeyedService<RecordProducer>(DeadLetters.ProducerKey)));
        services.AddSingleton(provider => new RegisteredServices(services, provider.GetRequiredService<IServiceProviderIsKeyedService>()));
        services.AddSingleton<HandlerBinder>();
        services.AddSingleton<MessagingHost>();
        services.AddHostedService(provider => provider.GetRequiredService<MessagingHost>());
        return services;
    }

    /// <summary>
    /// Has every handler's exceptions that <paramref name="matches"/> accepts taken for trouble with a dependency: retried for as long
    /// as it lasts. Known without it: time-outs, input and output, sockets, HTTP by status, databases and their drivers by error code, and
    /// <see cref="ITransient"/>; docs/messaging.md lists them.
    /// </summary>
    public static IServiceCollection AddTransientFault(this IServiceCollection services, Func<Exception, bool> matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        return services.AddSingleton(new TransientFault(matches));
    }
}
