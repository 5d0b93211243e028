using System.Reflection;

namespace Garam.Messaging.Health;

/// <summary>
/// A handler's name for a person who looks for it in the source. The compiler names what has no name: <c>&lt;Main&gt;b__0_1</c> for a lambda,
/// <c>&lt;Main&gt;g__Charge|0_1</c> for a local function.
/// </summary>
internal static class HandlerName
{
    public static string Of(Delegate handler)
    {
        var method = handler.Method;
        var name = method.Name;
        var close = name.IndexOf('>', StringComparison.Ordinal);
        if (!name.StartsWith('<') || close < 0)
        {
            return $"{Owner(method)}.{name}";
        }

        // The entry point of top-level statements is <Main>$, its lambdas are <<Main>$>b__.
        var inside = name.Trim('<')[..(close - name.LastIndexOf('<') - 1)];
        var local = name.IndexOf(">g__", StringComparison.Ordinal);
        return local >= 0
            ? $"{Owner(method)}.{name[(local + 4)..].Split('|')[0]}"
            : $"({Parameters(method)}) in {Owner(method)}.{inside}";
    }

    /// <summary>The class that the source shows: a lambda lives in a nested one that the compiler has made.</summary>
    private static string Owner(MethodInfo method)
    {
        var type = method.DeclaringType;
        while (type is { IsNested: true } && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        return type?.Name ?? "?";
    }

    private static string Parameters(MethodInfo method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
}
