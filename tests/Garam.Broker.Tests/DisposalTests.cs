using Garam.Kafka;

namespace Garam.Broker.Tests;

public sealed class DisposalTests
{
    [Fact]
    public async Task A_part_that_cannot_be_stopped_does_not_keep_the_others_from_stopping_and_the_directory_is_free_afterwards()
    {
        using var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.Path, "data");
        var options = new KafkaBrokerOptions { DataDirectory = data };
        var broker = await TestBroker.StartAsync(options);
        await broker.CreateAsync("orders");
        (await broker.ProduceAsync("orders", "x")).ErrorCode.ShouldBe(ErrorCode.None);
        Directory.Move(data, data + "-away"); // the checkpoints cannot be written any more
        (await Should.ThrowAsync<AggregateException>(async () => await broker.DisposeAsync())).InnerExceptions.ShouldNotBeEmpty();

        Directory.Move(data + "-away", data);
        await using var again = await TestBroker.StartAsync(options);
        TestBroker.Values((await again.FetchAsync("orders", 0)).Records).ShouldBe(["x"]);
    }
}
