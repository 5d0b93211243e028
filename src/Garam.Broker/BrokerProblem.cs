namespace Garam.Broker;

/// <summary>Something that is wrong with a running broker and that an operator should know of. It serves what it can meanwhile.</summary>
/// <param name="Subject">What has the problem, for example <c>partition orders-3</c> or the name of background work. One problem each.</param>
/// <param name="Message">One sentence for health pages: what is wrong and what to do.</param>
/// <param name="Since">When it was first noticed.</param>
public sealed record BrokerProblem(string Subject, string Message, DateTimeOffset Since);
