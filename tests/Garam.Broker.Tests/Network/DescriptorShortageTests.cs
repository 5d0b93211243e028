using Garam.Broker.Network;
using Garam.Broker.Resources;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Network;

public sealed class DescriptorShortageTests
{
    [Fact]
    public async Task Connections_for_which_no_descriptors_are_left_are_refused_and_accepted_again_when_others_are_closed()
    {
        const int allowed = 14;
        await using var listener = new TestListener(new NetworkOptions { Descriptors = new FileDescriptors(limit: 60, reserve: 0) }, TimeProvider.System, []);
        var clients = new List<WireClient>();
        for (var i = 0; i < allowed; i++)
        {
            clients.Add(listener.Connect());
            await AskAsync(clients[i]);
        }
        listener.Problems.All.ShouldBeEmpty();

        using (var refused = listener.Connect()) await refused.ShouldBeClosedAsync();
        await Eventually.IsAsync(1, () => listener.Problems.All.Count);
        listener.Problems.All.ShouldHaveSingleItem().Message.ShouldContain("Connections are refused");
        await AskAsync(clients[0]);

        clients[1].Dispose();
        await Eventually.IsAsync(true, async () =>
        {
            using var late = listener.Connect();
            await late.SendAsync(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
            return await late.ReceiveFrameAsync() is not null;
        });
        await Eventually.IsAsync(0, () => listener.Problems.All.Count);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Files_give_way_to_connections_down_to_the_number_that_the_threads_need()
    {
        var descriptors = new FileDescriptors(limit: 1024, reserve: 0);
        var connections = 0;
        while (descriptors.TryAddConnection()) connections++;
        connections.ShouldBe(1024 - 160 - 16);
        for (; connections > 0; connections--) descriptors.RemoveConnection();
        descriptors.TryAddConnection().ShouldBeTrue();
    }

    [Fact]
    public void A_descriptor_of_the_reserve_can_be_used_by_others_until_it_is_taken_back()
    {
        var reserve = new DescriptorReserve(2);
        reserve.TryRelease().ShouldBeTrue();
        reserve.TryRelease().ShouldBeTrue();
        reserve.TryRelease().ShouldBeFalse();
        reserve.TryRefill().ShouldBeTrue();
        reserve.TryRelease().ShouldBeTrue();
    }

    private static Task<ApiVersionsResponse> AskAsync(WireClient client) =>
        client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
}
