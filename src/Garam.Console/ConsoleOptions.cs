namespace Garam.Console;

/// <summary>Settings of the console.</summary>
public sealed class ConsoleOptions
{
    /// <summary>Brokers that the console looks at, of any Kafka: <c>HOST:PORT,...</c>. Required.</summary>
    public string BootstrapServers { get; set; } = "";
}
