using Garam.Broker;
using Garam.Console.Overview;

namespace Garam.Up;

/// <summary>The problems of the embedded broker, for <c>/readyz</c> and the console.</summary>
internal sealed class EmbeddedBrokerHealth(KafkaBroker broker) : IBrokerHealth
{
    public IReadOnlyList<string> Problems => [.. broker.Problems.Select(problem => problem.Message)];
}
