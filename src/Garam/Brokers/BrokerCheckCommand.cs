using System.CommandLine;
using System.Globalization;
using Garam.Broker.Checking;
using Garam.CommandLine;

namespace Garam.Brokers;

/// <summary><c>garam broker check DIR</c>: reads all that a stopped broker has stored, and says what of it is intact.</summary>
internal static class BrokerCheckCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "the data directory of a stopped broker: what --data names, or the broker folder in it" };
        var command = new Command("check", "Read everything in the data directory of a stopped broker and report what is damaged; changes nothing") { directory };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed.GetRequiredValue(directory), System.Console.Out, ct)));
        return command;
    }

    /// <returns>0: everything is intact; 8: something is damaged or stray.</returns>
    internal static int Run(string path, TextWriter output, CancellationToken ct)
    {
        var nested = Path.Combine(path, "broker");
        var (partitions, strays, records, bytes) = (0, 0, 0L, 0L);
        var damage = new List<PartitionCheck>();
        foreach (var check in DataDirectoryCheck.Read(Directory.Exists(nested) ? nested : Path.GetFullPath(path), ct))
        {
            Write(output, check);
            partitions++;
            if (check.Faults.Count > 0)
                damage.Add(check);
            strays += check.Kind is PartitionKind.Stray ? 1 : 0;
            (records, bytes) = (records + check.Records, bytes + check.Bytes);
        }
        if (damage.Count > 0)
            output.WriteLine("What is damaged, once more:");
        foreach (var check in damage)
            Write(output, check);
        output.WriteLine($"Read {Words.Count(partitions, "partition")}: {Words.Count(records, "intact record")}, {Words.Count(bytes, "byte")}. {Verdict(damage.Count, strays)}");
        return damage.Count + strays > 0 ? ExitCode.AssertionFalse : ExitCode.Ok;
    }

    private static void Write(TextWriter output, PartitionCheck check)
    {
        output.WriteLine(Line(check));
        foreach (var fault in check.Faults)
            output.WriteLine($"    {fault}");
    }

    private static string Line(PartitionCheck check)
    {
        var state = (check.Kind, check.Faults.Count) switch
        {
            (PartitionKind.Stray, 0) => "stray",
            (PartitionKind.Stray, _) => "stray, damaged",
            (_, 0) => "intact",
            _ => "damaged",
        };
        var offsets = check.FirstOffset is { } first ? string.Create(CultureInfo.InvariantCulture, $", offsets {first} to {check.EndOffset - 1}") : "";
        return $"{check.Directory}: {state}: {Words.Count(check.Records, check.Faults.Count > 0 ? "intact record" : "record")} in {Words.Count(check.Segments, "segment")}{offsets}";
    }

    private static string Verdict(int damaged, int strays) => (damaged, strays) switch
    {
        (0, 0) => "Everything is intact.",
        (_, 0) => $"Damaged: {damaged}. See docs/durability.md.",
        (0, _) => $"Stray, because the metadata does not name their topics: {strays}. See docs/durability.md.",
        _ => $"Damaged: {damaged}. Stray, because the metadata does not name their topics: {strays}. See docs/durability.md.",
    };
}
