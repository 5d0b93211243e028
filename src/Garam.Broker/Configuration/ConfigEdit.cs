using Garam.Kafka;

namespace Garam.Broker.Configuration;

/// <summary>What is done to one setting, with the numbers of IncrementalAlterConfigs.</summary>
internal enum ConfigOperation : sbyte
{
    Set = 0,

    /// <summary>Back to the default.</summary>
    Delete = 1,

    /// <summary>Puts words into a list, unless they are in it.</summary>
    Append = 2,

    /// <summary>Takes words out of a list.</summary>
    Subtract = 3,
}

/// <param name="Name">Of the setting.</param>
/// <param name="Operation">What to do with it.</param>
/// <param name="Value">Null only where something is deleted.</param>
internal readonly record struct ConfigChange(string Name, ConfigOperation Operation, string? Value);

/// <summary>Changes to the settings of one resource, made together or not at all.</summary>
/// <param name="ReplacesAll">What is not named goes back to its default (AlterConfigs).</param>
/// <param name="Changes">Each setting at most once.</param>
internal sealed record ConfigEdit(bool ReplacesAll, IReadOnlyList<ConfigChange> Changes)
{
    /// <summary>
    /// The resource's own settings as they would be afterwards; whether they are allowed is for the resource to say. Null, with an error, when
    /// the edit makes no sense.
    /// </summary>
    /// <param name="own">The resource's own settings now.</param>
    /// <param name="find">The definition of a setting; null when there is none of that name.</param>
    /// <param name="present">The value that a setting has now, wherever it comes from.</param>
    /// <param name="refusal">The error and what is wrong.</param>
    public IReadOnlyDictionary<string, string>? Apply(
        IReadOnlyDictionary<string, string> own, Func<string, ConfigDefinition?> find, Func<ConfigDefinition, string> present, out (ErrorCode Error, string Message) refusal)
    {
        refusal = Refuse(find) ?? default;
        if (refusal.Error != ErrorCode.None) return null;
        var edited = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!ReplacesAll) foreach (var (name, value) in own) edited[name] = value;
        foreach (var (name, operation, value) in Changes)
        {
            if (operation == ConfigOperation.Delete) edited.Remove(name);
            else edited[name] = operation == ConfigOperation.Set ? value! : Combine(edited.GetValueOrDefault(name) ?? present(find(name)!), operation, value!);
        }
        return edited;
    }

    private (ErrorCode Error, string Message)? Refuse(Func<string, ConfigDefinition?> find)
    {
        foreach (var (name, times) in Changes.CountBy(change => change.Name))
            if (times > 1) return (ErrorCode.InvalidRequest, $"{name} stands {times} times in the request.");
        foreach (var (name, operation, value) in Changes)
        {
            if (!Enum.IsDefined(operation)) return (ErrorCode.InvalidRequest, $"{(sbyte)operation} is no operation: 0 sets, 1 deletes, 2 appends, 3 subtracts.");
            if (value is null && operation != ConfigOperation.Delete) return (ErrorCode.InvalidRequest, $"{name} has no value.");
            if (operation is ConfigOperation.Append or ConfigOperation.Subtract && find(name)?.Type != ConfigType.List)
                return (ErrorCode.InvalidConfig, $"{name} is not a list, to which something could be appended, or from which it could be subtracted.");
        }
        return null;
    }

    private static string Combine(string list, ConfigOperation operation, string words)
    {
        var (present, named) = (Words(list), Words(words));
        return string.Join(',', operation == ConfigOperation.Append ? present.Union(named) : present.Except(named));
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
