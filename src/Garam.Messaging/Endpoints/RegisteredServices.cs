using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Endpoints;

/// <summary>What the container knows, and for how long its objects live: the container itself does not tell.</summary>
internal sealed class RegisteredServices(IServiceCollection services, IServiceProviderIsKeyedService known)
{
    /// <param name="type">Type of the service.</param>
    /// <param name="key">Its key; null: it has none.</param>
    public bool Contains(Type type, object? key = null) => key is null
        ? known.IsService(type) && (ItemOfSequence(type) is not { } item || known.IsService(item) || Find(type, key) is not null)
        : known.IsKeyedService(type, key);

    /// <summary>True only when no scope is needed to make one.</summary>
    public bool IsSingleton(Type type, object? key = null) => Find(type, key)?.Lifetime == ServiceLifetime.Singleton;

    private ServiceDescriptor? Find(Type type, object? key) => services.LastOrDefault(service => HasKey(service, key) && (service.ServiceType == type
        || (type.IsGenericType && service.ServiceType == type.GetGenericTypeDefinition())));

    private static bool HasKey(ServiceDescriptor service, object? key) =>
        key is null ? !service.IsKeyedService : Equals(service.ServiceKey, key) || Equals(service.ServiceKey, KeyedService.AnyKey);

    /// <summary>The container makes a sequence, an empty one, of anything: it says nothing about whether its items are services.</summary>
    private static Type? ItemOfSequence(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>) ? type.GetGenericArguments()[0] : null;
}
