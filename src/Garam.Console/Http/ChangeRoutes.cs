using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Http;

/// <summary>
/// Which routes change something in the cluster: every one that takes another method than GET, unless it says that it does not. A new route is
/// so refused by a read-only console without anybody having thought of it.
/// </summary>
internal static class ChangeRoutes
{
    /// <summary>Says that a POST only looks: a preview, a search that is too long for an address.</summary>
    public static TBuilder ChangesNothing<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Harmless());

    public static bool Changes(this EndpointBuilder endpoint) => Changes(endpoint.Metadata);

    public static bool Changes(IEnumerable<object> metadata)
    {
        var methods = metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
        return !metadata.OfType<Harmless>().Any() && !methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
    }

    private sealed class Harmless;
}
