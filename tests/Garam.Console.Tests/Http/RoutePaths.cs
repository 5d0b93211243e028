using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Tests.Http;

/// <summary>Addresses that lead to a route, for tests that walk all of them.</summary>
internal static partial class RoutePaths
{
    /// <summary>Its pattern with something in each place: a number fits wherever a number is asked for.</summary>
    public static string Example(RouteEndpoint route) => "/" + Place().Replace(route.RoutePattern.RawText!, "1").TrimStart('/');

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();
}
