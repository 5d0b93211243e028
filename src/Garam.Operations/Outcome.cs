namespace Garam.Operations;

/// <summary>What became of one of several things that were asked for at once: the others may have gone well all the same.</summary>
/// <param name="Name">The thing, for example a topic.</param>
/// <param name="Failure">Null: done.</param>
public sealed record Outcome(string Name, OperationException? Failure);
