using Garam.Background;
using Garam.Messaging.Consuming;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Messaging.Tests.Consuming;

public sealed class StopTests(GaramKafka kafka)
{
    [Fact]
    public async Task A_client_that_never_comes_back_from_leaving_does_not_keep_the_host_from_stopping()
    {
        await kafka.UseAsync();
        using var released = new ManualResetEventSlim();
        using var leaving = new ManualResetEventSlim();
        var transport = new ScriptedTransport
        {
            OnClose = () =>
            {
                leaving.Set();
                released.Wait();
            },
        };
        await using var app = TestApp.Create(kafka.BootstrapServers);
        var topic = TestKafka.NewName("orders");
        await app.CreateTopicAsync(topic, partitions: 1);
        var work = new BackgroundWork(NullLogger.Instance);
        var processors = Member.Processors(new TopicGroup("billing").MapTopic(topic, (string value) => { }), (_, _) => default, new FakeProducer(), work, TimeProvider.System);
        var consumer = new GroupConsumer(
            "billing", processors, () => transport, app.Services.GetRequiredService<TopicAdmin>(), null!, new MessagingOptions(), work, TimeProvider.System, NullLogger.Instance);
        consumer.Start();
        await Eventually.True(() => transport.IsSubscribed);

        using var patience = new CancellationTokenSource();
        var stopping = consumer.StopAsync(patience.Token);
        await Eventually.True(() => leaving.IsSet);
        stopping.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await stopping;

        transport.IsClosed.ShouldBeFalse();
        released.Set();
        await Eventually.True(() => transport.IsClosed);
    }
}
