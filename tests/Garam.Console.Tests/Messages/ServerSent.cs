using System.Text.Json;

namespace Garam.Console.Tests.Messages;

/// <summary>Server-sent events as they stand in a body.</summary>
internal static class ServerSent
{
    public static List<(string Type, JsonElement Data)> Read(string body) =>
        [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Event)];

    public static (string Type, JsonElement Data) Event(string block)
    {
        var lines = block.Split('\n').Select(line => line.Split(": ", 2)).ToDictionary(line => line[0], line => line[1]);
        return (lines["event"], JsonDocument.Parse(lines["data"]).RootElement);
    }
}
