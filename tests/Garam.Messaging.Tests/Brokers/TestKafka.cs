namespace Garam.Messaging.Tests.Brokers;

/// <summary>The broker that the tests talk to: the one that <c>GARAM_TEST_KAFKA</c> names.</summary>
public static class TestKafka
{
    public static string BootstrapServers { get; } = Environment.GetEnvironmentVariable("GARAM_TEST_KAFKA") ?? "";

    public static string NewName(string prefix) => $"{prefix}-{Guid.NewGuid():N}";
}
