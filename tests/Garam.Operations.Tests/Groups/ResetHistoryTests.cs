using Garam.Operations.Groups;

namespace Garam.Operations.Tests.Groups;

public sealed class ResetHistoryTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), TestKafka.NewName("garam-resets"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ResetHistory History => new(_directory);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Two_programs_that_reset_at_once_both_find_what_they_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(at => Task.Run(() => History.KeepAsync("cluster", Plan($"group {at}"), TimeProvider.System, Ct), Ct)));
        foreach (var at in Enumerable.Range(0, 20))
            (await LastAsync($"group {at}")).ShouldNotBeNull();
        Directory.GetFiles(_directory).Select(Path.GetFileName).Order().ShouldBe(["cluster.json", "cluster.json.lock"]);
    }

    [Fact]
    public async Task It_keeps_the_last_hundred_resets_and_of_large_ones_fewer()
    {
        foreach (var at in Enumerable.Range(0, 101))
            await History.KeepAsync("cluster", Plan($"{at}"), TimeProvider.System, Ct);
        (await LastAsync("0")).ShouldBeNull();
        (await LastAsync("1")).ShouldNotBeNull();
        await History.KeepAsync("cluster", Plan("huge", partitions: 100_001), TimeProvider.System, Ct);
        (await LastAsync("huge")).ShouldNotBeNull();
        (await LastAsync("100")).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_not_done_is_not_kept()
    {
        var first = await History.KeepAsync("cluster", Plan("group", partitions: 2), TimeProvider.System, Ct);
        await History.ReplaceAsync("cluster", first, Plan("group", partitions: 1), TimeProvider.System, Ct);
        (await LastAsync("group"))!.Partitions.Count.ShouldBe(1);
        await History.ReplaceAsync("cluster", first, null, TimeProvider.System, Ct);
        (await LastAsync("group")).ShouldBeNull();
    }

    [Fact]
    public async Task Whatever_a_cluster_is_called_its_file_lies_in_the_folder()
    {
        await History.KeepAsync("../../escape", Plan("group"), TimeProvider.System, Ct);
        Directory.GetFiles(_directory, "*.json").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_file_that_is_something_else_is_said_to_be_and_not_written_over()
    {
        Directory.CreateDirectory(_directory);
        var path = Path.Combine(_directory, "cluster.json");
        await File.WriteAllTextAsync(path, "something of a person's", Ct);
        (await Should.ThrowAsync<OperationException>(() => History.KeepAsync("cluster", Plan("group"), TimeProvider.System, Ct))).Message.ShouldContain(path);
        (await File.ReadAllTextAsync(path, Ct)).ShouldBe("something of a person's");
    }

    private Task<ResetPlan?> LastAsync(string group) => History.LastAsync("cluster", group, TimeProvider.System, Ct);

    private static ResetPlan Plan(string group, int partitions = 1) =>
        new(group, "undo", [.. Enumerable.Range(0, partitions).Select(partition => new ResetPartition("orders", partition, 1, 2, null, ResetNote.None))], []);
}
