using Garam.Console.Endpoints;
using Garam.Console.Languages;
using Garam.Messaging.Health;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>Why a group is where it is in a partition, as far as it is known.</summary>
/// <param name="Level">The colour: ok, warn, bad or idle.</param>
/// <param name="Word">The short of it.</param>
/// <param name="Why">The reason; null where the word says all.</param>
internal sealed record Standing(string Level, string Word, string? Why)
{
    /// <param name="language">The reader's language.</param>
    /// <param name="state">What the looks at the broker say.</param>
    /// <param name="position">What is special about the position.</param>
    /// <param name="endpoint">What the consumer itself says, where it runs in this process; its word counts more than anything seen from outside.</param>
    public static Standing Of(Language language, ReadingState state, PositionState position, PartitionState? endpoint) => endpoint?.State switch
    {
        null or PartitionActivity.Running => new(state.Level(), language.Word(state), WhyOf(language, state, position)),
        { } activity => new(activity.Level(), activity.Word(language), endpoint.Why),
    };

    private static string? WhyOf(Language language, ReadingState state, PositionState position) =>
        language.Note(position) ?? (state is ReadingState.CaughtUp or ReadingState.Reading ? null : language.Why(state));
}
