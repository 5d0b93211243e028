using System.Collections.Concurrent;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>Handlers that block their threads, in a process whose thread pool is as small as can be.</summary>
public sealed class BlockingTests(GaramKafka kafka)
{
    public const string Command = "--blocking";

    private const int Lanes = 16;

    [Fact]
    public async Task Handlers_that_block_all_their_threads_hold_up_neither_another_group_nor_any_commit()
    {
        await kafka.UseAsync();
        var (blocking, quick) = (TestKafka.NewName("blocking"), TestKafka.NewName("quick"));
        await using var app = TestApp.Create(kafka.BootstrapServers);
        await app.CreateTopicAsync(blocking, partitions: 2);
        await app.CreateTopicAsync(quick, partitions: 1);
        await app.ProduceAsync(blocking, 500, number => number == 0 ? null : $"{number}");

        var lines = new ConcurrentBag<string>();
        using var process = Worker.Start([Command, kafka.BootstrapServers, blocking, quick], lines.Add);
        await Eventually.Is(2 * Lanes, () => lines.Count(line => line == "blocked"));
        await app.ProduceAsync(quick, 10, _ => "key");
        await Eventually.Is(10, () => lines.Count(line => line == "quick"));
        await Eventually.Is(10, () => Outside.Committed(kafka, quick, quick, 1)[0]);
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (servers, blocking, quick) = (arguments[0], arguments[1], arguments[2]);
        ThreadPool.SetMinThreads(4, 4);
        ThreadPool.SetMaxThreads(4, 4);
        using var never = new ManualResetEventSlim();
        await using var app = TestApp.Create(servers);
        app.Map(blocking, blocking, (int number) =>
        {
            Console.WriteLine("blocked");
            never.Wait();
        }).WithConcurrency(Lanes);
        app.Map(quick, quick, (int number) => Console.WriteLine("quick"));
        await app.StartAsync();
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
