using System.Net.Sockets;
using Garam.Broker.Network;
using Garam.Broker.Resources;
using Garam.Broker.Tests.Network;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Resources;

public sealed class ResponseMemoryTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void Shares_shrink_as_memory_is_used_so_that_some_is_left_for_others()
    {
        var memory = new ResponseMemory(64 * MiB);
        memory.TakeShare().ShouldBe(16 * MiB);
        memory.TakeShare().ShouldBe(12 * MiB);
        for (var i = 0; i < 8; i++) memory.TakeShare();
        memory.HasRoom.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_waits_goes_on_when_memory_is_returned()
    {
        var memory = new ResponseMemory(10);
        memory.Take(15);
        var waiting = memory.WaitForRoomAsync(TestContext.Current.CancellationToken).AsTask();
        memory.Return(4);
        waiting.IsCompleted.ShouldBeFalse();
        memory.IsAwaited.ShouldBeTrue();
        memory.Return(2);
        await waiting;
        memory.IsAwaited.ShouldBeFalse();
    }

    [Fact]
    public async Task Clients_that_do_not_read_hold_a_bounded_amount_and_are_closed_when_others_wait_for_it()
    {
        const int limit = 32 * MiB;
        var time = new TestClock();
        var api = new BoundedApi(wanted: 8 * MiB);
        var options = new NetworkOptions { MaxUnsentBytes = limit, MaxStall = TimeSpan.FromSeconds(10) };
        await using var listener = new TestListener(options, time, api);
        var silent = new List<WireClient>();
        for (var i = 0; i < 100; i++)
        {
            silent.Add(listener.Connect(receiveBuffer: 4096));
            for (var fetch = 0; fetch < 10; fetch++) await silent[i].SendAsync(ApiKey.Fetch, 12, new FetchRequest()); // the first fill the kernel's buffers
        }
        await Eventually.IsAsync(true, () => listener.Memory.IsAwaited);
        listener.Memory.Used.ShouldBeLessThan(limit + 8 * MiB);

        using (var other = listener.Connect())
        {
            await other.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, new ApiVersionsRequest()); // small answers do not wait
        }

        await Eventually.IsAsync(true, () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return silent.Exists(client => IsReset(client.Socket));
        });

        // From here on no time passes: a slow reader in this process must not be taken for one that has stalled.
        silent.ForEach(client => client.Dispose());
        await Eventually.IsAsync(0L, () => listener.Memory.Used);
        using var reader = listener.Connect();
        await reader.SendAsync(ApiKey.Fetch, 12, new FetchRequest());
        (await reader.ReceiveFrameAsync())!.Length.ShouldBeGreaterThan(MiB);
        await Eventually.IsAsync(0L, () => listener.Memory.Used);
    }

    /// <summary>Whether the broker has closed a connection of which the answers were not read.</summary>
    private static bool IsReset(Socket socket)
    {
        try
        {
            socket.Send([0]);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Answers with as much as it may, and at most what is wanted.</summary>
    private sealed class BoundedApi(int wanted) : Garam.Broker.Apis.Api(ApiKey.Fetch, 4, 12)
    {
        public override ValueTask<IMessage?> HandleAsync(ReadOnlyMemory<byte> body, Garam.Broker.Apis.RequestContext context) => new(new Answer(wanted));

        private sealed class Answer(int wanted) : IMessage, IBoundedAnswer
        {
            private int _size = wanted;

            public void Bound(int maxBytes) => _size = Math.Min(_size, maxBytes);

            public void Write(ref ProtocolWriter writer, short version) => new FetchResponse
            {
                Responses = [new FetchResponse.FetchableTopicResponse { Topic = "t", Partitions = [new FetchResponse.PartitionData { Records = new byte[_size] }] }],
            }.Write(ref writer, version);
        }
    }
}
