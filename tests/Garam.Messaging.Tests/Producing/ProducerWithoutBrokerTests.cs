using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Producing;

public sealed class ProducerWithoutBrokerTests
{
    private const string Nobody = "127.0.0.1:1";

    [Fact]
    public async Task A_record_that_no_broker_takes_in_time_fails_as_trouble_that_may_pass()
    {
        using var app = TestApp.Create(Nobody, options => options.DeliveryTimeout = TimeSpan.FromSeconds(1));
        var failure = await Should.ThrowAsync<ProduceFailedException>(async () => await app.Producer.ProduceAsync(ProducerRecord.Json("t", "k", 1), default));
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_record_that_waits_for_room_can_be_cancelled_and_those_on_their_way_are_told_when_the_producer_closes()
    {
        var app = TestApp.Create(Nobody, options => options.MaxUnacknowledgedBytes = 1_024);
        using var cancellation = new CancellationTokenSource();
        var sent = app.Producer.ProduceAsync(new ProducerRecord("t", null, new byte[900]), default).AsTask();
        var waiting = app.Producer.ProduceAsync(new ProducerRecord("t", null, new byte[900]), cancellation.Token).AsTask();
        var already = app.Producer.ProduceAsync(new ProducerRecord("t", null, null), new CancellationToken(canceled: true));
        already.IsCanceled.ShouldBeTrue();

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        app.Services.GetRequiredService<RecordProducer>().Dispose();
        (await Should.ThrowAsync<ProduceFailedException>(() => sent)).Code.ShouldBe("Local_Destroy");
        app.Dispose();
    }
}
