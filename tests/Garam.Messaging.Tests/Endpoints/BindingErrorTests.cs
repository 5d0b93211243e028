using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Endpoints;

/// <summary>Parameters and results that are easily taken for something else than they are.</summary>
public sealed class BindingErrorTests
{
    private object? _seen;

    public interface IClock
    {
        int Hour { get; }
    }

    public interface IUnregistered;

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Opened), "opened")]
    public interface IEvent;

    [Fact]
    public async Task A_keyed_service_is_the_one_of_its_key()
    {
        await Call((string value, [FromKeyedServices("night")] IClock clock, IClock day) => _seen = (clock.Hour, day.Hour));
        _seen.ShouldBe((0, 12));
        Errors((string value, [FromKeyedServices("dawn")] IClock clock) => { }).ShouldHaveSingleItem().ShouldContain("with the key 'dawn'");
    }

    [Fact]
    public async Task A_record_is_not_done_before_a_task_within_a_task()
    {
        await Ends(end => (string value) => Task.Factory.StartNew(async () => await end));
        await Ends(end => (string value) => Task.Factory.StartNew(async () => { await end; return 1; }));
        await Ends(end => (string value) => Task.FromResult(new ValueTask(end)));
        await Ends(end => (string value) => new ValueTask<Task>(end));
        await Ends(end => object (string value) => end);
        Errors((string value) => Task.FromResult(Numbers())).ShouldHaveSingleItem().ShouldContain("would be done before that is");
        Errors(Iterator).ShouldHaveSingleItem().ShouldContain("iterator");
    }

    [Fact]
    public async Task A_service_provider_is_the_one_of_the_records_scope()
    {
        await Call((string value, IServiceProvider services, Session session) => _seen = ReferenceEquals(services.GetRequiredService<Session>(), session));
        _seen.ShouldBe(true);
        Errors((IServiceProvider services) => { }).ShouldHaveSingleItem().ShouldContain("no parameter takes the record's value");
        await Call((string value, IEnumerable<IClock> clocks) => _seen = clocks.Count());
        _seen.ShouldBe(1);
    }

    [Fact]
    public async Task JSON_is_read_into_nodes_elements_and_collections()
    {
        await Call((JsonNode node) => _seen = node["id"]!.GetValue<int>(), """{"id":7}""");
        _seen.ShouldBe(7);
        await Call((JsonElement element) => _seen = element.GetProperty("id").GetInt32(), """{"id":8}""");
        _seen.ShouldBe(8);
        await Call((IReadOnlyList<int> numbers) => _seen = numbers.Sum(), "[1,2,3]");
        _seen.ShouldBe(6);
        await Call((IEnumerable<int> numbers) => _seen = numbers.Sum(), "[1,2,3,4]");
        _seen.ShouldBe(10);
    }

    [Fact]
    public async Task JSON_is_read_into_an_interface_or_abstract_class_that_names_its_types()
    {
        await Call((IEvent opened) => _seen = opened, """{"$type":"opened","id":3}""");
        _seen.ShouldBe(new Opened(3));
        await Call((Shape shape) => _seen = shape, """{"$type":"circle","radius":2}""");
        _seen.ShouldBe(new Circle(2));
    }

    [Fact]
    public void An_interface_that_is_not_registered_is_named_alone()
    {
        Errors((string value, IUnregistered service) => { }).ShouldHaveSingleItem().ShouldContain("'IUnregistered service' is neither a registered service");
        Errors((IUnregistered service) => { }).ShouldHaveSingleItem().ShouldContain("'IUnregistered service' is neither a registered service");
        Errors(([FromValue] IUnregistered value) => { }).ShouldHaveSingleItem().ShouldContain("cannot be read from JSON");
    }

    [Fact]
    public async Task A_byte_order_mark_before_JSON_is_skipped()
    {
        await Call((Opened opened) => _seen = opened, "\uFEFF" + """{"id":5}""");
        _seen.ShouldBe(new Opened(5));
    }

    [Fact]
    public async Task The_JSON_text_null_is_told_from_a_tombstone()
    {
        (await Undecodable((Opened opened) => { }, "null")).ShouldContain("the JSON text null");
        (await Undecodable((Opened opened) => { }, null)).ShouldContain("tombstone");
        await Call((Opened? opened) => _seen = opened is null, "null");
        _seen.ShouldBe(true);
    }

    [Fact]
    public void Attributes_of_ASP_NET_are_refused_with_what_to_use_instead()
    {
        Errors((string value, [Microsoft.AspNetCore.Mvc.FromHeader(Name = "tenant")] string tenant) => { })
            .ShouldHaveSingleItem().ShouldContain("Use [FromHeader(\"name\")] of Garam.Messaging.Endpoints");
        Errors((string value, [Microsoft.AspNetCore.Mvc.FromServices] IClock clock) => { })
            .ShouldHaveSingleItem().ShouldContain("Use [FromServices] of Garam.Messaging.Endpoints");
        Errors(([Microsoft.AspNetCore.Mvc.FromBody] Opened opened) => { }).ShouldHaveSingleItem().ShouldContain("Use [FromValue]");
        Errors((string value, [Microsoft.AspNetCore.Mvc.FromQuery] int page) => { }).ShouldHaveSingleItem().ShouldContain("[FromKey]");
    }

    [Fact]
    public async Task Options_without_a_type_resolver_read_what_their_producer_writes()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        await Call((Wide wide) => _seen = wide, """{"order_id":"o-1","total_amount":5}""", messaging => messaging.Json = options);
        _seen.ShouldBe(new Wide("o-1", 5));
        var record = ProducerRecord.Json("t", "k", new Wide("o-1", 5));
        Encoding.UTF8.GetString(record.ValueBy(options)!.Value.Span).ShouldBe("""{"order_id":"o-1","total_amount":5}""");
    }

    [Fact]
    public void A_JSON_record_shows_its_value_and_gives_way_to_another()
    {
        var record = ProducerRecord.Json("t", "k", new Wide("o-1", 5));
        Encoding.UTF8.GetString(record.Value!.Value.Span).ShouldBe("""{"orderId":"o-1","totalAmount":5}""");
        (record with { Partition = 1 }).Value!.Value.ToArray().ShouldBe(record.Value.Value.ToArray());
        (record with { Value = null }).Value.ShouldBeNull();
        Encoding.UTF8.GetString(ProducerRecord.Json("t", "k", new Wide("o-1", 5), JsonSerializerOptions.Default).Value!.Value.Span).ShouldContain("OrderId");
        ProducerRecord.Json<Wide?>("t", "k", null).Value!.Value.ToArray().ShouldBe("null"u8.ToArray());
    }

    [Fact]
    public async Task A_service_that_cannot_be_constructed_is_not_the_records_fault()
    {
        var thrown = await Should.ThrowAsync<ServiceConstructionException>(() => Call((string value, Broken broken) => { }));
        thrown.Message.ShouldBe("The service 'Broken broken' cannot be constructed: no licence");
        new TransientFaults([]).IsTransient(thrown).ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_whose_constructor_throws_what_cannot_be_read_is_a_dependency_in_trouble_too()
    {
        var thrown = await Should.ThrowAsync<ServiceConstructionException>(() => Call((string value, Unreadable unreadable) => { }));
        thrown.Message.ShouldContain("'Unreadable unreadable' cannot be constructed");
        new TransientFaults([]).IsTransient(thrown).ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_that_cannot_be_disposed_of_is_named_with_its_handler()
    {
        var error = (await Binder().MissingServicesAsync((string value, Clinging clinging) => { })).ShouldHaveSingleItem();
        error.ShouldContain("'Clinging clinging'");
        error.ShouldContain("(String value, Clinging clinging) in BindingErrorTests");
        error.ShouldContain("InvalidOperationException: dispose");
    }

    [Fact]
    public async Task What_the_container_lacks_is_found_before_the_first_record()
    {
        (await Binder().MissingServicesAsync((string value, Incomplete incomplete) => { }))
            .ShouldHaveSingleItem().ShouldContain("Unable to resolve service for type");
        (await Binder().MissingServicesAsync((string value, Broken broken, Session session) => { })).ShouldBeEmpty();
    }

    /// <summary>The handler's record is not done before the task that it is given.</summary>
    private static async Task Ends(Func<Task, Delegate> handler)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = Bind(handler(end.Task))(Record("x"), default).AsTask();
        handled.IsCompleted.ShouldBeFalse();
        end.SetException(new FormatException());
        await Should.ThrowAsync<FormatException>(() => handled);
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return 1;
    }

    private static IEnumerable<int> Iterator(string value)
    {
        yield return value.Length;
    }

    private static async Task Call(Delegate handler, string? value = "x", Action<MessagingOptions>? configure = null) => await Bind(handler, configure)(Record(value), default);

    private static async Task<string> Undecodable(Delegate handler, string? value) =>
        (await Should.ThrowAsync<UndecodableRecordException>(() => Call(handler, value))).Message;

    private static RecordHandler Bind(Delegate handler, Action<MessagingOptions>? configure = null)
    {
        var errors = new List<string>();
        return Binder(configure).Bind(handler, errors) ?? throw new InvalidOperationException(string.Join("; ", errors));
    }

    private static List<string> Errors(Delegate handler)
    {
        var errors = new List<string>();
        Binder().Bind(handler, errors);
        return errors;
    }

    private static HandlerBinder Binder(Action<MessagingOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IClock, Noon>().AddKeyedSingleton<IClock, Midnight>("night").AddScoped<Session>().AddSingleton<Broken>().AddScoped<Incomplete>().AddScoped<Unreadable>().AddScoped<Clinging>();
        services.AddMessaging(options =>
        {
            options.BootstrapServers = "none:1";
            configure?.Invoke(options);
        });
        services.AddLogging();
        return services.BuildServiceProvider(validateScopes: true).GetRequiredService<HandlerBinder>();
    }

    private static RecordContext Record(string? value) => new()
    {
        Group = "g",
        Topic = "t",
        Partition = 0,
        Offset = 5,
        Value = RecordBytes.OrNull(value is null ? null : Encoding.UTF8.GetBytes(value)),
    };

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape;

    public sealed record Circle(int Radius) : Shape;

    public sealed record Opened(int Id) : IEvent;

    public sealed record Wide(string OrderId, int TotalAmount);

    private sealed class Noon : IClock
    {
        public int Hour => 12;
    }

    private sealed class Midnight : IClock
    {
        public int Hour => 0;
    }

    private sealed class Session;

    private sealed class Broken
    {
        public Broken() => throw new InvalidOperationException("no licence");
    }

    private sealed class Unreadable
    {
        public Unreadable() => throw new Mute();
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException("the message");
    }

    private sealed class Clinging : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("dispose");
    }

    private sealed class Incomplete(IUnregistered missing)
    {
        public IUnregistered Missing => missing;
    }
}
