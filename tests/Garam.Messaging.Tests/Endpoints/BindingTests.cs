using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Endpoints;

public sealed class BindingTests
{
    private object? _seen;

    public interface IUnregistered;

    [Fact]
    public async Task The_value_is_read_as_JSON_beside_key_header_service_context_and_token()
    {
        var record = Record("""{"id":7,"title":"가람"}""", key: "42", ("tenant", "seoul"), ("tenant", "busan"));
        await Call((Post post, [FromKey] long key, [FromHeader("tenant")] string tenant, Clock clock, RecordContext context, CancellationToken token) =>
            _seen = (post, key, tenant, clock.Hour, context.Offset), record);
        _seen.ShouldBe((new Post(7, "가람"), 42L, "busan", 12, 5L));
    }

    [Fact]
    public async Task Bytes_and_text_are_given_as_they_are()
    {
        await Call((ReadOnlyMemory<byte> value, [FromKey] byte[] key) => _seen = Encoding.UTF8.GetString(value.Span) + Encoding.UTF8.GetString(key), Record("{not json", "k"));
        _seen.ShouldBe("{not jsonk");
        await Call((string value) => _seen = value, Record("plain"));
        _seen.ShouldBe("plain");
    }

    [Fact]
    public async Task A_tombstone_reaches_only_a_nullable_parameter()
    {
        await Call((Post? post) => _seen = post is null, Record(null));
        _seen.ShouldBe(true);
        await Call((ReadOnlyMemory<byte>? bytes) => _seen = bytes.HasValue, Record(null));
        _seen.ShouldBe(false);
        (await Should.ThrowAsync<UndecodableRecordException>(() => Call((Post post) => _seen = post, Record(null)))).Message.ShouldContain("'post' nullable");
        await Should.ThrowAsync<UndecodableRecordException>(() => Call((ReadOnlyMemory<byte> bytes) => { }, Record(null)));
        await Should.ThrowAsync<UndecodableRecordException>(() => Call((Post post) => _seen = post, Record("null")));
    }

    [Fact]
    public async Task A_missing_header_reaches_only_a_nullable_parameter()
    {
        await Call((string value, [FromHeader("attempt")] int? attempt) => _seen = attempt, Record("x"));
        _seen.ShouldBeNull();
        await Call((string value, [FromHeader("attempt")] int? attempt) => _seen = attempt, Record("x", null, ("attempt", "3")));
        _seen.ShouldBe(3);
        await Should.ThrowAsync<UndecodableRecordException>(() => Call((string value, [FromHeader("attempt")] int attempt) => { }, Record("x")));
        await Should.ThrowAsync<UndecodableRecordException>(() => Call((string value, [FromKey] Guid key) => { }, Record("x", "no guid")));
    }

    [Fact]
    public async Task What_is_no_JSON_or_no_UTF_8_is_undecodable_and_not_a_failure_of_the_handler()
    {
        await Should.ThrowAsync<UndecodableRecordException>(() => Call((Post post) => { }, Record("{")));
        var broken = new RecordContext { Group = "g", Topic = "t", Partition = 0, Offset = 0, Value = new byte[] { 0xff, 0xfe } };
        await Should.ThrowAsync<UndecodableRecordException>(() => Call((string text) => { }, broken));
    }

    [Fact]
    public async Task A_scoped_service_lives_for_one_record()
    {
        var handler = Bind((string value, Session session) => _seen = session);
        await handler(Record("x"), default);
        var first = (Session)_seen!;
        await handler(Record("x"), default);
        _seen.ShouldNotBeSameAs(first);
        first.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_record_is_not_done_before_the_returned_task()
    {
        var end = new TaskCompletionSource();
        var handled = Bind((string value) => end.Task)(Record("x"), default);
        handled.IsCompleted.ShouldBeFalse();
        end.SetResult();
        await handled;
        await Bind((string value) => ValueTask.CompletedTask)(Record("x"), default);
        await Should.ThrowAsync<FormatException>(async () => await Bind((string value) => ValueTask.FromException<int>(new FormatException()))(Record("x"), default));
        await Should.ThrowAsync<FormatException>(async () => await Bind((string value) => Task.FromException<int>(new FormatException()))(Record("x"), default));
    }

    [Fact]
    public void What_cannot_be_bound_is_said_with_what_to_do()
    {
        Errors((Post first, Post second) => { }).ShouldHaveSingleItem().ShouldContain("only one of 'Post first', 'Post second'");
        Errors((Clock clock) => { }).ShouldHaveSingleItem().ShouldContain("no parameter takes the record's value");
        Errors((string value, [FromServices] IUnregistered service) => { }).ShouldHaveSingleItem().ShouldContain("not registered");
        Errors((IUnregistered service) => { }).ShouldHaveSingleItem().ShouldContain("Register it");
        Errors(Unfinished).ShouldHaveSingleItem().ShouldContain("would be done before that is");
        Errors((string value, [FromKey] Session key) => { }).ShouldHaveSingleItem().ShouldContain("cannot be read from a key");
        Errors(AsyncVoid).ShouldHaveSingleItem().ShouldContain("async void");
        Errors((Ambiguous value) => { }).ShouldHaveSingleItem().ShouldContain("cannot be read as JSON");
    }

    [Fact]
    public void A_context_alone_is_enough() => Errors((RecordContext context) => { }).ShouldBeEmpty();

    [Fact]
    public void Hosts_that_start_at_the_same_time_do_not_disturb_each_other()
    {
        const int hosts = 4;
        using var together = new Barrier(hosts);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, hosts).Select(_ => new Thread(() =>
        {
            var binder = Binder();
            foreach (var handler in Probes())
            {
                together.SignalAndWait();
                try
                {
                    binder.Bind(handler, []).ShouldNotBeNull();
                }
                catch (Exception exception)
                {
                    failures.Enqueue(exception);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        failures.ShouldBeEmpty();
    }

    /// <summary>Handlers that no binder has seen before: each is a method of a type of its own.</summary>
    private static IEnumerable<Delegate> Probes()
    {
        var argument = typeof(int);
        for (var depth = 0; depth < 60; depth++)
        {
            argument = typeof(Probe<>).MakeGenericType(argument);
            yield return argument.GetMethod(nameof(Probe<>.Handle))!.CreateDelegate(typeof(Action<string>), null);
        }
    }

    private sealed class Probe<T>
    {
        public static void Handle(string? value)
        {
        }
    }

    private static async IAsyncEnumerable<int> Unfinished(string value)
    {
        await Task.Yield();
        yield return value.Length;
    }

    private static async void AsyncVoid(string value) => await Task.Yield();

    private static async Task Call(Delegate handler, RecordContext record) => await Bind(handler)(record, default);

    private static RecordHandler Bind(Delegate handler)
    {
        var errors = new List<string>();
        return Binder().Bind(handler, errors) ?? throw new InvalidOperationException(string.Join("; ", errors));
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
        services.AddSingleton<Clock>().AddScoped<Session>();
        services.AddMessaging(options => options.BootstrapServers = "none:1");
        services.AddLogging();
        return services.BuildServiceProvider(validateScopes: true).GetRequiredService<HandlerBinder>();
    }

    private static RecordContext Record(string? value, string? key = null, params (string Name, string Value)[] headers) => new()
    {
        Group = "g",
        Topic = "t",
        Partition = 0,
        Offset = 5,
        Key = RecordBytes.OrNull(key is null ? null : Encoding.UTF8.GetBytes(key)),
        Value = RecordBytes.OrNull(value is null ? null : Encoding.UTF8.GetBytes(value)),
        Headers = [.. headers.Select(header => RecordHeader.Text(header.Name, header.Value))],
    };

    private sealed record Post(int Id, string Title);

    private sealed class Clock
    {
        public int Hour => 12;
    }

    private sealed class Session : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Ambiguous
    {
        [JsonPropertyName("x")]
        public int First { get; init; }

        [JsonPropertyName("x")]
        public int Second { get; init; }
    }
}
