using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary>Looks at groups once, or again and again for a while: whether a group advances is seen from several looks.</summary>
internal static class Watching
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <param name="duration">Null: one look.</param>
    /// <param name="look">Looks, and has the watch observe what it saw.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The last look.</returns>
    public static async Task<T> RunAsync<T>(TimeSpan? duration, Func<GroupWatch, Task<T>> look, CancellationToken ct)
    {
        var watch = new GroupWatch();
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look(watch);
            var left = (duration ?? TimeSpan.Zero) - TimeProvider.System.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return seen;
            await Task.Delay(left < Step ? left : Step, TimeProvider.System, ct);
        }
    }

    /// <summary>The word of a state; empty where one look could not tell.</summary>
    public static string Word(ReadingState state) => state is ReadingState.Watching ? "" : state.Words().Word.English;
}
