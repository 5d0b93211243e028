using System.Text;
using Garam.Messaging.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Endpoints;

/// <summary>What a handler returns is often more than its declared type says.</summary>
public sealed class ReturnedWorkTests
{
    public static TheoryData<string> Shapes =>
    [
        "Task declared, Task<Task>", "Task declared, Task<Task<int>>", "Task declared, Task<object>", "Task declared, Task<ValueTask>",
        "object declared, Task<Task>", "object declared, Task<Task<int>>", "object declared, ValueTask<Task>", "object declared, ValueTask<int>",
        "ValueTask declared, Task<Task>", "Task<object> declared, Task", "Task declared, WhenAny",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_record_is_not_done_before_what_its_handler_really_returned(string shape)
    {
        var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = Bind(Handler(shape, end.Task))(Record(), default).AsTask();
        handled.IsCompleted.ShouldBeFalse();
        end.SetException(new FormatException());
        await Should.ThrowAsync<FormatException>(() => handled);
    }

    [Fact]
    public async Task Tasks_in_a_collection_and_sequences_that_never_run_fail_the_record()
    {
        var failed = Task.FromException(new FormatException());
        int[] items = [1, 2];
        await Fails(object (string value) => new[] { failed }, "Task.WhenAll");
        await Fails(object (string value) => new List<Task> { failed }, "Task.WhenAll");
        await Fails(object (string value) => items.Select(async item => await Task.FromException(new FormatException($"{item}"))), "Task.WhenAll");
        await Fails(object (string value) => items.Select(item => item + 1), "never run");
        await Fails(object (string value) => (failed, failed), "Task.WhenAll");
        await Fails(object (string value) => new Lazy<Task>(() => failed), "Task.WhenAll");
        await Fails(Task (string value) => Task.WhenAll(Task.FromResult<Task>(failed)), "Task.WhenAll");
        await Fails(object (string value) => Numbers(), "would be done before that is");
    }

    [Fact]
    public void A_declared_type_that_holds_tasks_is_refused_at_the_start()
    {
        int[] items = [1, 2];
        Errors(Task[] (string value) => [Task.CompletedTask]).ShouldHaveSingleItem().ShouldContain("Task.WhenAll");
        Errors((string value) => items.Select(async item => await Task.FromResult(item))).ShouldHaveSingleItem().ShouldContain("Task.WhenAll");
        Errors((string value) => new List<ValueTask<int>>()).ShouldHaveSingleItem().ShouldContain("Task.WhenAll");
        Errors((string value) => new Dictionary<int, Task>()).ShouldHaveSingleItem().ShouldContain("Task.WhenAll");
        Errors((string value) => (Task.CompletedTask, Task.CompletedTask)).ShouldHaveSingleItem().ShouldContain("Task.WhenAll");
        Errors((string value) => Task.FromResult(new Task[1])).ShouldHaveSingleItem().ShouldContain("Task.WhenAll");
        Errors((string value) => new List<int>()).ShouldBeEmpty();
        Errors((string value) => new Recursive()).ShouldBeEmpty();
    }

    [Fact]
    public void Several_delegates_in_one_are_refused_because_only_the_last_result_is_seen()
    {
        Func<string, Task> first = _ => Task.FromException(new FormatException());
        Errors(first + (_ => Task.CompletedTask)).ShouldHaveSingleItem().ShouldContain("one handler");
    }

    [Fact]
    public async Task A_task_that_is_its_own_result_fails_the_record()
    {
        var own = new TaskCompletionSource<object>();
        own.SetResult(own.Task);
        await Fails(Task (string value) => own.Task, "nested");
    }

    [Fact]
    public async Task Usual_results_are_not_looked_into()
    {
        await Bind(async Task (string value) => await Task.Yield())(Record(), default);
        await Bind(object? (string value) => null)(Record(), default);
        await Bind(object (string value) => 5)(Record(), default);
        await Bind(object (string value) => new List<int> { 1 })(Record(), default);
        await Bind(Task (string value) => Task.FromResult<object?>(null))(Record(), default);
        await Bind(Task (string value) => Task.FromResult("done"))(Record(), default);
        await Should.ThrowAsync<ArgumentNullException>(async () => await Bind(Task (string value) => null!)(Record(), default));
    }

    [Fact]
    public async Task A_usual_task_is_awaited_without_an_allocation()
    {
        var done = Task.CompletedTask;
        var handler = Bind(Task (string value) => done);
        var plain = Bind(void (string value) => { });
        var record = Record();
        (await Allocated(handler, record)).ShouldBe(await Allocated(plain, record));
    }

    private static async Task<long> Allocated(RecordHandler handler, RecordContext record)
    {
        await handler(record, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
        {
            handler(record, default).IsCompletedSuccessfully.ShouldBeTrue();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
    }

    private static Delegate Handler(string shape, Task<int> end) => shape switch
    {
        "Task declared, Task<Task>" => Task (string value) => Task.FromResult<Task>(end),
        "Task declared, Task<Task<int>>" => Task (string value) => Task.FromResult(end),
        "Task declared, Task<object>" => Task (string value) => Task.FromResult<object>(end),
        "Task declared, Task<ValueTask>" => Task (string value) => Task.FromResult(new ValueTask(end)),
        "object declared, Task<Task>" => object (string value) => Task.FromResult<Task>(end),
        "object declared, Task<Task<int>>" => object (string value) => Task.FromResult(end),
        "object declared, ValueTask<Task>" => object (string value) => new ValueTask<Task>(end),
        "object declared, ValueTask<int>" => object (string value) => new ValueTask<int>(end),
        "ValueTask declared, Task<Task>" => ValueTask (string value) => new ValueTask(Task.FromResult<Task>(end)),
        "Task<object> declared, Task" => Task<object> (string value) => Task.FromResult<object>(end),
        _ => Task (string value) => Task.WhenAny(end),
    };

    private static async Task Fails(Delegate handler, string message) =>
        (await Should.ThrowAsync<InvalidOperationException>(async () => await Bind(handler)(Record(), default))).Message.ShouldContain(message);

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return 1;
    }

    private static RecordHandler Bind(Delegate handler)
    {
        var errors = new List<string>();
        return Binder().Bind(handler, errors) ?? throw new FormatException(string.Join("; ", errors));
    }

    private static List<string> Errors(Delegate handler)
    {
        var errors = new List<string>();
        Binder().Bind(handler, errors);
        return errors;
    }

    private static HandlerBinder Binder()
    {
        var services = new ServiceCollection();
        services.AddMessaging(options => options.BootstrapServers = "none:1");
        services.AddLogging();
        return services.BuildServiceProvider(validateScopes: true).GetRequiredService<HandlerBinder>();
    }

    private static RecordContext Record() => new() { Group = "g", Topic = "t", Partition = 0, Offset = 5, Value = Encoding.UTF8.GetBytes("x") };

    private sealed class Recursive : List<Recursive>;
}
