using Garam.Broker.Log;
using Garam.Broker.Resources;
using Garam.Broker.Tests.Log;
using Garam.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Resources;

public sealed class OpenFilesTests
{
    private const int TooManyOpenFiles = 24;

    [Fact]
    public void The_file_that_was_not_used_lately_is_closed_when_one_more_is_opened()
    {
        var files = new OpenFiles(() => 3);
        var all = Enumerable.Range(0, 4).Select(_ => new FakeFile()).ToArray();
        foreach (var file in all[..3]) Open(files, file);
        (all[0].IsUsed, all[1].IsUsed, all[2].IsUsed) = (true, false, true);

        Open(files, all[3]);
        all.Select(file => file.IsOpen).ShouldBe([true, false, true, true]);
        files.Count.ShouldBe(3);
    }

    [Fact]
    public void Files_in_use_are_closed_when_all_are_in_use_and_choosing_one_takes_a_bounded_number_of_steps()
    {
        var files = new OpenFiles(() => 10_000);
        var all = Enumerable.Range(0, 10_000).Select(_ => new FakeFile()).ToArray();
        foreach (var file in all) Open(files, file);
        foreach (var file in all) file.IsUsed = true;

        Open(files, new FakeFile());
        files.Count.ShouldBe(10_000);
        all.Count(file => !file.IsOpen).ShouldBe(1);
        all.Count(file => !file.IsUsed).ShouldBeLessThan(100, "marks that were cleared in the search");
    }

    [Fact]
    public void When_the_process_has_no_descriptor_left_other_files_are_closed_until_the_open_succeeds()
    {
        var files = new OpenFiles(() => 100);
        var all = Enumerable.Range(0, 5).Select(_ => new FakeFile()).ToArray();
        foreach (var file in all) Open(files, file);
        var failures = 3;
        files.Open("x", () => failures-- > 0 ? throw new IOException("Too many open files", TooManyOpenFiles) : "opened", files.TryCloseOne).ShouldBe("opened");
        all.Count(file => file.IsOpen).ShouldBe(2);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_apart_from_one_that_is_missing_and_from_a_failed_operation()
    {
        var files = new OpenFiles(() => 100);
        Should.Throw<FileOpenException>(() => files.Open<int>("x", () => throw new IOException("Too many open files", TooManyOpenFiles), files.TryCloseOne));
        Should.Throw<FileOpenException>(() => files.Open<int>("x", () => throw new UnauthorizedAccessException("no"), files.TryCloseOne));
        Should.Throw<FileNotFoundException>(() => files.Open<int>("x", () => throw new FileNotFoundException("gone"), files.TryCloseOne));
    }

    [Fact]
    public async Task Logs_with_more_files_than_may_be_open_take_and_return_all_records_from_many_threads()
    {
        using var directory = new TemporaryDirectory();
        var descriptors = new FileDescriptors(limit: 40, reserve: 0);
        var services = new LogServices(TimeProvider.System, NullLogger.Instance, new LogFlusher(), new SystemDisk(descriptors));
        await using var manager = LogManager.Open(directory.Path, new LogManagerOptions(), services, CancellationToken.None);
        var logs = Enumerable.Range(0, 200).Select(partition => manager.Create(new TopicPartition("many", partition), Guid.NewGuid(), new LogConfig())).ToArray();

        var threads = Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(() => AppendAll(thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(threads);

        foreach (var log in logs) Batches.ReadAll(log).Count.ShouldBe(40);
        descriptors.Files.Count.ShouldBeInRange(1, 20 + 4, "each thread may be opening one");
        manager.Problems.All.ShouldBeEmpty();

        void AppendAll(int thread)
        {
            for (var round = 0; round < 10; round++)
            {
                foreach (var log in logs)
                {
                    log.Append(Batches.Of($"{thread}-{round}"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
                    if (round % 5 == thread) log.Checkpoint();
                }
            }
        }
    }

    private static void Open(OpenFiles files, FakeFile file)
    {
        files.Open("x", () => file.IsOpen = true, files.TryCloseOne);
        file.Place ??= new LinkedListNode<IClosableFile>(file);
        file.Files = files;
        files.Add(file.Place);
    }

    private sealed class FakeFile : IClosableFile
    {
        public bool IsOpen { get; set; }

        public bool IsUsed { get; set; }

        public LinkedListNode<IClosableFile>? Place { get; set; }

        public OpenFiles? Files { get; set; }

        public bool TakeUsed()
        {
            var used = IsUsed;
            IsUsed = false;
            return used;
        }

        public void Close()
        {
            IsOpen = false;
            Files!.Remove(Place!);
        }
    }
}
