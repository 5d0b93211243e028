namespace Garam.Acceptance;

public sealed class OnApacheKafka(ApacheKafkaCluster cluster) : IClassFixture<ApacheKafkaCluster>, IDisposable
{
    private readonly string _data = Repository.NewFolder("on-kafka");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_same_walk_goes_on_an_Apache_Kafka_cluster()
    {
        Assert.SkipWhen(cluster.BootstrapServers is null, cluster.Missing);
        await using var garam = await GaramProcess.UpOnAsync(cluster.BootstrapServers!, _data, _ct);
        using var content = new ContentClient(garam.Http);

        await PlatformWalk.RunAsync(content, _ct);

        (await garam.StopAsync(_ct)).ShouldBe(0, garam.Log);
    }
}
