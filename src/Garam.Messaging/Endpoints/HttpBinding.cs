using System.Reflection;

namespace Garam.Messaging.Endpoints;

/// <summary>Finds ASP.NET's binding attributes, which have the names of ours and no meaning for a record.</summary>
internal static class HttpBinding
{
    /// <summary>What to use instead; null where the parameter has no such attribute.</summary>
    public static string? Of(ParameterInfo parameter) => parameter.GetCustomAttributesData()
        .Select(attribute => attribute.AttributeType)
        .Where(type => type.Namespace?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) is true)
        .Select(type => type.Name is var name && Instead(name) is { } instead ? $"is marked with {type.Namespace}.{name}, which is for HTTP. Use {instead} of {typeof(HttpBinding).Namespace}." : null)
        .FirstOrDefault(error => error is not null);

    private static string? Instead(string attribute) => attribute switch
    {
        "FromHeaderAttribute" => "[FromHeader(\"name\")]",
        "FromServicesAttribute" => "[FromServices]",
        "FromBodyAttribute" => "[FromValue]",
        "FromQueryAttribute" or "FromRouteAttribute" or "FromFormAttribute" or "AsParametersAttribute" => "[FromKey], [FromHeader(\"name\")] or [FromValue]",
        _ => null,
    };
}
