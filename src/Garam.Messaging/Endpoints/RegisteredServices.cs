using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Endpoints;

/// <summary>What the container knows, and for how long its objects live: the container itself does not tell.</summary>
internal sealed class RegisteredServices(IServiceCollection services, IServiceProviderIsService known)
{
    public bool Contains(Type type) => known.IsService(type);

    /// <summary>True only when no scope is needed to make one.</summary>
    public bool IsSingleton(Type type) => services.LastOrDefault(service => service.ServiceType == type
        || (type.IsGenericType && service.ServiceType == type.GetGenericTypeDefinition()))?.Lifetime == ServiceLifetime.Singleton;
}
