using System.Globalization;
using Garam.Operations.Queries;

namespace Garam.Operations.DeadLetters;

/// <summary>Which letters of a topic to send back.</summary>
public abstract record RedriveSelection
{
    private RedriveSelection()
    {
    }

    /// <summary>The one at a place, even if it has been sent back before.</summary>
    public sealed record Place(int Partition, long Offset) : RedriveSelection
    {
        /// <summary>Reads <c>PARTITION:OFFSET</c>.</summary>
        /// <exception cref="FormatException">The text is something else.</exception>
        public static Place Parse(string text) => text.Split(':') is [var partition, var offset]
            && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? new Place(number, place)
                : throw new FormatException($"{text}: write PARTITION:OFFSET, as in 0:42.");

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Offset}");
    }

    /// <summary>All open ones that match.</summary>
    public sealed record Matching(RecordQuery Query) : RedriveSelection;

    /// <summary>All open ones.</summary>
    public sealed record All : RedriveSelection;
}
