using System.Globalization;
using Garam.Operations.Messages;

namespace Garam.Console.DeadLetters;

/// <summary>Addresses of the pages of dead letters.</summary>
internal static class LetterAddress
{
    public const string List = "/console/dead-letters";

    public static string Topic(string topic, string? query = null, string? state = null, int? limit = null)
    {
        string?[] parts =
        [
            query is { Length: > 0 } ? $"q={Uri.EscapeDataString(query)}" : null,
            state is not null ? $"state={state}" : null,
            limit is not null ? string.Create(CultureInfo.InvariantCulture, $"limit={limit}") : null,
        ];
        var asked = string.Join('&', parts.OfType<string>());
        return $"{List}/{Uri.EscapeDataString(topic)}{(asked.Length > 0 ? "?" : "")}{asked}";
    }

    public static string Letter(StoredPlace place) => string.Create(CultureInfo.InvariantCulture, $"{Topic(place.Topic)}/{place.Partition}/{place.Offset}");

    /// <summary>Where a form asks for a plan: for all letters, or for those that a query selects.</summary>
    public static string MakePlan(string topic) => $"{Topic(topic)}/plan";

    /// <summary>Where a form asks for a plan for one letter.</summary>
    public static string MakePlan(StoredPlace place) => $"{Letter(place)}/plan";

    /// <summary>A plan that was made.</summary>
    public static string Plan(string topic, string id) => $"{Topic(topic)}/plans/{id}";

    public static string Redrive(string topic) => $"{Topic(topic)}/redrive";

    /// <summary>Where a script asks for the command of a re-drive that is about to begin.</summary>
    public static string Command(string topic) => $"{Redrive(topic)}/command";

    public static string Job(RedriveJob job) => $"{Topic(job.Plan.Topic)}/redrives/{job.Id}";

    /// <summary>A record where it lies now.</summary>
    public static string Record(StoredPlace place) => string.Create(CultureInfo.InvariantCulture, $"/console/topics/{Uri.EscapeDataString(place.Topic)}/{place.Partition}/{place.Offset}");
}
