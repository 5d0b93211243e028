using Garam.Bench.Servers;

namespace Garam.Bench.Work;

/// <summary>Something that is asked of every server in every round.</summary>
internal abstract class Workload
{
    /// <summary>The rows that it fills.</summary>
    public abstract IReadOnlyList<string> Rows { get; }

    /// <summary>Whether <paramref name="kind"/> can do it.</summary>
    public virtual bool Suits(ServerKind kind) => true;

    /// <summary>Does it once. The answers are checked on the way.</summary>
    /// <exception cref="WrongAnswerException">They are wrong.</exception>
    public abstract IReadOnlyList<Measurement> Measure(Server server);
}
