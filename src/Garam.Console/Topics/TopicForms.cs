using System.Globalization;
using Garam.Operations;
using Garam.Operations.Queries;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Topics;

/// <summary>What the forms of a topic ask for: the same for what a form does and for the command that it shows.</summary>
internal static class TopicForms
{
    /// <exception cref="OperationException">There is no name, or a field makes no sense.</exception>
    public static NewTopic Create(IFormCollection form)
    {
        var configs = new Dictionary<string, string>();
        foreach (var line in form["configs"].ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('=', 2) is not [{ Length: > 0 } config, var value])
                throw new OperationException(FailureKind.Invalid, $"{line}: write a setting as NAME=VALUE.");
            configs[config.Trim()] = value.Trim();
        }

        return form["name"].ToString().Trim() is { Length: > 0 } name
            ? new NewTopic(name, Number<int>(form, "partitions"), Number<short>(form, "replication"), configs)
            : throw new OperationException(FailureKind.Invalid, "the topic needs a name.");
    }

    /// <summary>How many partitions the topic shall have.</summary>
    /// <exception cref="OperationException">The form does not say.</exception>
    public static int Total(IFormCollection form) =>
        Number<int>(form, "total") ?? throw new OperationException(FailureKind.Invalid, "say how many partitions the topic shall have.");

    /// <summary>Before which time records go; null: all go.</summary>
    /// <exception cref="OperationException">It is not a time.</exception>
    public static DateTimeOffset? Before(string? text) => string.IsNullOrEmpty(text) ? null
        : TimeReading.Utc.Parse(text) ?? throw new OperationException(FailureKind.Invalid, $"{text} is not a time: write {TimeReading.Forms}.");

    /// <summary>A number; null: the field is empty.</summary>
    /// <exception cref="OperationException">It is not a number, or too large.</exception>
    public static T? Number<T>(IFormCollection form, string field) where T : struct, System.Numerics.INumber<T> =>
        form[field].ToString() is not { Length: > 0 } text ? null
        : T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new OperationException(FailureKind.Invalid, $"{field}: {text} is not a number that is possible here.");
}
