using System.Collections.Concurrent;
using System.Net.Sockets;
using Garam.Broker.Apis;
using Garam.Broker.Network;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Network;

/// <summary>Every manner of waiting for sockets keeps the same promises.</summary>
public sealed class PolledConnectionTests() : ConnectionTests(usesPollLoops: true);

/// <inheritdoc cref="PolledConnectionTests"/>
public sealed class PlatformConnectionTests() : ConnectionTests(usesPollLoops: false);

public abstract class ConnectionTests(bool usesPollLoops)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Answers_leave_in_the_order_of_the_requests_whatever_order_they_complete_in()
    {
        var parked = new ConcurrentDictionary<string, TaskCompletionSource<HeartbeatResponse?>>();
        var arrived = new SemaphoreSlim(0);
        await using var listener = Listen(apis: new ManualApi((request, _) =>
        {
            var done = parked.GetOrAdd(request.MemberId, _ => new TaskCompletionSource<HeartbeatResponse?>());
            arrived.Release();
            return request.MemberId == "now" ? new(new HeartbeatResponse()) : new(done.Task);
        }));
        using var client = listener.Connect();

        foreach (var member in new[] { "first", "now", "third" }) await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest { MemberId = member });
        for (var i = 0; i < 3; i++) (await arrived.WaitAsync(Patience)).ShouldBeTrue();
        parked["third"].SetResult(new HeartbeatResponse { ThrottleTimeMs = 3 });
        client.Socket.Available.ShouldBe(0);
        parked["first"].SetResult(new HeartbeatResponse { ThrottleTimeMs = 1 });

        (await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4)).ShouldSatisfyAllConditions(it => it.CorrelationId.ShouldBe(1), it => it.Response.ThrottleTimeMs.ShouldBe(1));
        (await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4)).CorrelationId.ShouldBe(2);
        (await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4)).ShouldSatisfyAllConditions(it => it.CorrelationId.ShouldBe(3), it => it.Response.ThrottleTimeMs.ShouldBe(3));
    }

    [Fact]
    public async Task A_request_without_an_answer_takes_no_place_on_the_wire()
    {
        await using var listener = Listen(apis: new ManualApi((request, _) => new(request.MemberId == "silent" ? null : new HeartbeatResponse())));
        using var client = listener.Connect();
        await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest { MemberId = "silent" });
        await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest { MemberId = "loud" });
        (await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4)).CorrelationId.ShouldBe(2);
    }

    [Fact]
    public async Task Bytes_may_come_one_at_a_time_and_frames_many_at_once()
    {
        await using var listener = Listen(apis: new ManualApi((request, _) => new(new HeartbeatResponse { ThrottleTimeMs = request.GenerationId })));
        using var client = listener.Connect();

        foreach (var value in WireClient.Frame(ApiKey.Heartbeat, 4, 1, new HeartbeatRequest { GenerationId = 7 })) await client.SendRawAsync(new[] { value });
        (await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4)).Response.ThrottleTimeMs.ShouldBe(7);

        await client.SendRawAsync(Enumerable.Range(0, 1000).SelectMany(i => WireClient.Frame(ApiKey.Heartbeat, 4, i, new HeartbeatRequest { GenerationId = i })).ToArray());
        for (var i = 0; i < 1000; i++)
        {
            var (correlationId, response) = await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4);
            correlationId.ShouldBe(i);
            response.ThrottleTimeMs.ShouldBe(i);
        }
    }

    [Theory]
    [InlineData("16030100", "a TLS hello")]
    [InlineData("47455420", "an HTTP request")]
    [InlineData("ffffffff", "a negative size")]
    [InlineData("00000000", "an empty frame")]
    [InlineData("0000000400ff0000", "half a header")]
    [InlineData("0000000e7fff000000000001ffff00000000", "an API that does not exist")]
    [InlineData("0000000a000c00630000000affff", "a version that does not exist")]
    [InlineData("0000000e000c0000000000017fff41424344", "a string longer than its frame")]
    public async Task What_is_no_request_closes_the_connection_and_nothing_else(string bytes, string what)
    {
        await using var listener = Listen(apis: new ManualApi((_, _) => new(new HeartbeatResponse())));
        using var bystander = listener.Connect();
        using var client = listener.Connect();
        await client.SendRawAsync(Convert.FromHexString(bytes));
        (await client.ReceiveFrameAsync()).ShouldBeNull(what);
        await bystander.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
    }

    [Fact]
    public async Task A_handler_that_fails_costs_its_connection_only()
    {
        await using var listener = Listen(apis: new ManualApi((request, _) =>
            request.MemberId switch { "sync" => throw new InvalidOperationException(), "async" => FailAsync(), _ => new(new HeartbeatResponse()) }));
        foreach (var member in new[] { "sync", "async" })
        {
            using var client = listener.Connect();
            await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest { MemberId = member });
            await client.ShouldBeClosedAsync();
        }
        using var other = listener.Connect();
        await other.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());

        static async ValueTask<HeartbeatResponse?> FailAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task An_unknown_version_of_ApiVersions_is_answered_in_the_oldest_one()
    {
        await using var listener = Listen();
        using var client = listener.Connect();
        await client.SendRawAsync(Convert.FromHexString("0000000a0012006300000007ffff"));
        var (correlationId, response) = await client.ReceiveAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0);
        correlationId.ShouldBe(7);
        response.ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
        response.ApiKeys.ShouldHaveSingleItem().MaxVersion.ShouldBe((short)4);
        (await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 3, new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1.0" }))
            .ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData("librdkafka", "2.15.0", ErrorCode.None)]
    [InlineData("librdkafka", "v1 (beta)", ErrorCode.InvalidRequest)]
    [InlineData("", "1", ErrorCode.InvalidRequest)]
    [InlineData("-a", "1", ErrorCode.InvalidRequest)]
    public async Task A_client_says_what_it_is_in_plain_words(string name, string version, ErrorCode error)
    {
        await using var listener = Listen();
        using var client = listener.Connect();
        var response = await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(
            ApiKey.ApiVersions, 4, new ApiVersionsRequest { ClientSoftwareName = name, ClientSoftwareVersion = version });
        response.ErrorCode.ShouldBe(error);
    }

    [Fact]
    public async Task Handlers_learn_that_the_client_has_gone()
    {
        var gone = new TaskCompletionSource();
        await using var listener = Listen(apis: new ManualApi((_, context) =>
        {
            context.Closed.Register(gone.SetResult);
            return new(new TaskCompletionSource<HeartbeatResponse?>().Task);
        }));
        using (var client = listener.Connect()) await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest());
        await gone.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_that_resets_in_the_middle_of_a_frame_is_forgotten()
    {
        await using var listener = Listen(new NetworkOptions { MaxConnections = 1 }, apis: new ManualApi((_, _) => new(new HeartbeatResponse())));
        using (var client = listener.Connect())
        {
            await client.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
            await client.SendRawAsync(new byte[] { 0, 0, 1, 0, 1, 2, 3 });
            client.Socket.LingerState = new LingerOption(true, 0);
        }
        await EventuallyAsync(async () =>
        {
            using var next = listener.Connect();
            await next.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest());
            return await next.ReceiveFrameAsync() is not null;
        });
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_not_read_from_either()
    {
        var handled = 0;
        var text = new string('x', 30_000);
        await using var listener = Listen(apis: new DescribeApi(() =>
        {
            Interlocked.Increment(ref handled);
            return text;
        }));
        using var client = listener.Connect(receiveBuffer: 4096);
        const int asked = 3000;
        for (var i = 0; i < asked; i++) await client.SendAsync(ApiKey.DescribeGroups, 5, new DescribeGroupsRequest());

        // 90 MB of answers were asked for; what fits the buffers of the kernel is made, not more.
        for (var i = 0; i < 5; i++) (await client.ReceiveFrameAsync())!.Length.ShouldBeGreaterThan(text.Length);
        Volatile.Read(ref handled).ShouldBeLessThan(asked / 2);
        for (var i = 5; i < asked; i++) (await client.ReceiveFrameAsync())!.Length.ShouldBeGreaterThan(text.Length);
        handled.ShouldBe(asked);
    }

    [Theory]
    [InlineData(10, int.MaxValue)]
    [InlineData(int.MaxValue, 210)]
    public async Task Requests_without_answers_pile_up_to_a_limit_of_number_and_size(int number, int bytes)
    {
        var handled = 0;
        var go = new TaskCompletionSource<HeartbeatResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = Listen(new NetworkOptions { MaxUnanswered = number, MaxUnansweredBytes = bytes }, apis: new ManualApi((_, _) =>
        {
            Interlocked.Increment(ref handled);
            return new(go.Task);
        }));
        using var client = listener.Connect();
        for (var i = 0; i < 25; i++) await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest());
        var frame = WireClient.Frame(ApiKey.Heartbeat, 4, 1, new HeartbeatRequest()).Length - 4;
        await Eventually.IsAsync(10, () => Volatile.Read(ref handled));
        (frame * 9 < 210 && frame * 10 >= 210).ShouldBeTrue($"the limit of this test fits frames of {frame} bytes no longer");
        go.SetResult(new HeartbeatResponse());
        for (var i = 0; i < 25; i++) (await client.ReceiveFrameAsync()).ShouldNotBeNull();
        handled.ShouldBe(25);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_refused_until_one_ends()
    {
        await using var listener = Listen(new NetworkOptions { MaxConnections = 2 }, apis: new ManualApi((_, _) => new(new HeartbeatResponse())));
        var first = listener.Connect();
        using var second = listener.Connect();
        await first.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
        await second.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
        using (var third = listener.Connect()) await third.ShouldBeClosedAsync();
        first.Dispose();
        await EventuallyAsync(async () =>
        {
            using var next = listener.Connect();
            await next.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest());
            return await next.ReceiveFrameAsync() is not null;
        });
    }

    [Fact]
    public async Task An_idle_connection_is_closed_and_a_busy_one_is_not()
    {
        var time = new TestClock();
        await using var listener = Listen(new NetworkOptions { MaxIdle = TimeSpan.FromMinutes(10) }, time, new ManualApi((_, _) => new(new HeartbeatResponse())));
        using var idle = listener.Connect();
        using var busy = listener.Connect();
        await idle.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
        for (var minute = 0; minute < 12; minute++)
        {
            await busy.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
            time.Advance(TimeSpan.FromMinutes(1));
        }
        await idle.ShouldBeClosedAsync();
        await busy.CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest());
    }

    [Fact]
    public async Task Correlation_ids_come_back_as_they_were_sent_negative_and_repeated_ones_too()
    {
        await using var listener = new TestListener(apis: new ManualApi((_, _) => new(new HeartbeatResponse())));
        using var client = listener.Connect();
        int[] ids = [-1, -1, int.MinValue, 0, int.MaxValue, 7, 7];
        foreach (var id in ids) await client.SendRawAsync(WireClient.Frame(ApiKey.Heartbeat, 4, id, new HeartbeatRequest()));
        foreach (var id in ids) (await client.ReceiveAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4)).CorrelationId.ShouldBe(id);
    }

    [Fact]
    public async Task A_client_may_close_its_side_after_its_last_request()
    {
        await using var listener = Listen(apis: new ManualApi((_, _) => new(new HeartbeatResponse())));
        using var client = listener.Connect();
        await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest());
        client.Socket.Shutdown(SocketShutdown.Send);
        (await client.ReceiveFrameAsync()).ShouldNotBeNull();
        await client.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task An_answer_in_pieces_reaches_a_slow_reader_whole()
    {
        var random = new Random(5);
        var pieces = Enumerable.Range(0, 7).Select(i => new byte[i * 700_000 + 2000]).ToArray();
        foreach (var piece in pieces) random.NextBytes(piece);
        await using var listener = Listen(apis: new RecordsApi(pieces));
        using var client = listener.Connect(receiveBuffer: 4096);
        for (var i = 0; i < 3; i++) await client.SendAsync(ApiKey.Fetch, 12, new FetchRequest());
        for (var i = 0; i < 3; i++)
        {
            var (_, response) = await client.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
            var received = response.Responses.ShouldHaveSingleItem().Partitions;
            received.Count.ShouldBe(pieces.Length);
            for (var piece = 0; piece < pieces.Length; piece++) received[piece].Records!.Value.Span.SequenceEqual(pieces[piece]).ShouldBeTrue($"piece {piece} of answer {i}");
        }
    }

    [Fact]
    public async Task A_client_that_leaves_without_reading_its_answer_is_forgotten()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = Listen(new NetworkOptions { MaxConnections = 1 }, apis: new DescribeApi(() =>
        {
            asked.TrySetResult();
            return new string('x', 20_000_000);
        }));
        using (var client = listener.Connect(receiveBuffer: 4096))
        {
            await client.SendAsync(ApiKey.DescribeGroups, 5, new DescribeGroupsRequest());
            await asked.Task.WaitAsync(Patience);
        }
        await EventuallyAsync(async () =>
        {
            using var next = listener.Connect();
            await next.SendAsync(ApiKey.DescribeGroups, 5, new DescribeGroupsRequest());
            return await next.ReceiveFrameAsync() is not null;
        });
    }

    [Fact]
    public async Task Clients_that_come_and_go_by_the_hundred_take_nothing_from_those_that_stay()
    {
        await using var listener = Listen(apis: new ManualApi((request, _) => new(new HeartbeatResponse { ThrottleTimeMs = request.GenerationId })));
        var staying = Enumerable.Range(0, 8).Select(_ => listener.Connect()).ToArray();
        var comings = Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            using var client = listener.Connect();
            await client.SendAsync(ApiKey.Heartbeat, 4, new HeartbeatRequest());
            if (i % 3 == 0) await client.ReceiveFrameAsync();
            if (i % 2 == 0) client.Socket.LingerState = new LingerOption(true, 0);
        });
        do
        {
            for (var i = 0; i < staying.Length; i++)
            {
                var answer = await staying[i].CallAsync<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest { GenerationId = i });
                answer.ThrottleTimeMs.ShouldBe(i);
            }
        }
        while (!comings.IsCompleted);
        await comings;
        foreach (var client in staying) client.Dispose();
    }

    private TestListener Listen(NetworkOptions? options = null, TimeProvider? time = null, params Api[] apis)
    {
        Assert.SkipUnless(!usesPollLoops || OperatingSystem.IsLinux(), "There is no epoll on this system.");
        return new((options ?? new NetworkOptions()) with { UsesPollLoops = usesPollLoops }, time, apis);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Patience);
            await Task.Yield();
        }
    }
}
