using System.Diagnostics;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Topics;

/// <summary>Figures beside those of a tool that shares no code with ours.</summary>
public abstract class KcatTests(TestKafka kafka) : OperationsTests(kafka)
{
    [Fact]
    public async Task Ends_counts_and_lag_are_what_kcat_says()
    {
        await CreateAsync(Topic, 3);
        foreach (var (partition, count) in new[] { (0, 7), (1, 0), (2, 4) })
            await ProduceAsync(Topic, partition, count);
        var group = TestKafka.NewName("billing");
        await CommitAsync(group, Topic, (0, 2), (2, 1));

        var ends = await KcatAsync([.. Enumerable.Range(0, 3).SelectMany(partition => new[] { "-t", $"{Topic}:{partition}:-1" })]);
        var starts = await KcatAsync([.. Enumerable.Range(0, 3).SelectMany(partition => new[] { "-t", $"{Topic}:{partition}:-2" })]);
        var partitions = (await new TopicOperations(Connection).DescribeAsync([Topic], Ct)).Single().Partitions;
        partitions.Select(partition => partition.EndOffset).ShouldBe(ends);
        partitions.Select(partition => partition.StartOffset).ShouldBe(starts);
        (await new TopicOperations(Connection).CountRecordsAsync([Topic], Ct))[Topic].ShouldBe(ends.Sum() - starts.Sum());
        (await new GroupOperations(Connection).DescribeAsync(group, Ct)).Lag.ShouldBe(ends[0] - 2 + ends[2] - 1);
    }

    /// <summary>The offset that kcat finds in each partition, in the order of the partitions.</summary>
    private async Task<IReadOnlyList<long?>> KcatAsync(IReadOnlyList<string> partitions)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "kcat"))), "kcat is not installed");
        using var kcat = Process.Start(new ProcessStartInfo("kcat", ["-Q", "-b", Servers, .. partitions]) { RedirectStandardOutput = true })!;
        var lines = (await kcat.StandardOutput.ReadToEndAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await kcat.WaitForExitAsync(Ct);
        // One line each: "orders [2] offset 4".
        return [.. lines.Select(line => line.Split(' ')).OrderBy(words => words[1], StringComparer.Ordinal).Select(long? (words) => long.Parse(words[3]))];
    }
}

public sealed class KcatOnGaram(GaramKafka kafka) : KcatTests(kafka);

public sealed class KcatOnApacheKafka(ApacheKafka kafka) : KcatTests(kafka);
