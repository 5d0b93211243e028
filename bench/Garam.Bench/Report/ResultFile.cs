using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Garam.Bench.Work;

namespace Garam.Bench.Report;

/// <summary>The raw numbers of one run: a line about the machine, then one line for each measurement.</summary>
internal sealed class ResultFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private ResultFile(string path) => Path = path;

    public string Path { get; }

    public static ResultFile Create(string folder, Plan plan)
    {
        Directory.CreateDirectory(folder);
        var now = DateTime.UtcNow;
        var file = new ResultFile(System.IO.Path.Combine(folder, now.ToString("yyyyMMdd-HHmm", CultureInfo.InvariantCulture) + ".ndjson"));
        var machine = new Machine(now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC", Processor(), Environment.ProcessorCount,
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, plan.Rounds, plan.WarmUps, plan.Pins, plan.IsQuick);
        File.WriteAllText(file.Path, JsonSerializer.Serialize(machine, Json) + "\n");
        return file;
    }

    public void Add(IReadOnlyList<Measurement> measured) => File.AppendAllLines(Path, measured.Select(one => JsonSerializer.Serialize(one, Json)));

    public static (Machine Machine, IReadOnlyList<Measurement> Measured) Read(string path)
    {
        var lines = File.ReadAllLines(path);
        return (JsonSerializer.Deserialize<Machine>(lines[0], Json)!, [.. lines.Skip(1).Select(line => JsonSerializer.Deserialize<Measurement>(line, Json)!)]);
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
}

/// <summary>Where and how a run was made.</summary>
internal sealed record Machine(string Time, string Processor, int Processors, string System, string Runtime, int Rounds, int WarmUps, bool Pins, bool IsQuick);
