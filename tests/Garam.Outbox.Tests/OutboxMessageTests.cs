using System.Text;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using static Garam.Outbox.Tests.OutboxFixture;

namespace Garam.Outbox.Tests;

/// <summary>What a message can carry, and what is refused while its writer can still be told.</summary>
public sealed class OutboxMessageTests
{
    [Fact]
    public async Task Keys_values_and_headers_arrive_as_they_were_written_null_and_empty_ones_too()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = _ => null;
        var headers = new[] { RecordHeader.Text("a", "가"), new RecordHeader("a", null), new RecordHeader("empty", Array.Empty<byte>()), new RecordHeader("bytes", new byte[] { 0, 255 }) };
        await fixture.AddAsync(
            new OutboxMessage("t", null, [1]), new OutboxMessage("t", "tombstone", null), new OutboxMessage("t", "", []), new OutboxMessage("t", "a\0b", [2]) { Headers = headers });
        await fixture.StartAsync();
        await fixture.LeftIsAsync(0);

        var records = fixture.Producer.Records.OrderBy(record => record.Key is { } key ? Encoding.UTF8.GetString(key.Span) : " ").ToList();
        records.Select(record => record.Key is { } key ? Encoding.UTF8.GetString(key.Span) : null).ShouldBe(["", null, "a\0b", "tombstone"], ignoreOrder: true);
        records.Single(record => record.Key is null).Value!.Value.ToArray().ShouldBe([1]);
        records.Single(record => record.Key?.Length == 9).Value.ShouldBeNull();
        records.Single(record => record.Key?.Length == 0).Value!.Value.Length.ShouldBe(0);
        var kept = records.Single(record => record.Key?.Length == 3).Headers;
        kept.Select(header => header.Name).ShouldBe(["a", "a", "empty", "bytes", "traceparent"]);
        kept.Take(4).Select(header => header.Value is { } value ? Convert.ToHexString(value.Span) : null).ShouldBe(headers.Select(header => header.Value is { } value ? Convert.ToHexString(value.Span) : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such/topic")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("가")]
    [InlineData("250")]
    public async Task A_topic_that_can_never_exist_is_refused(string name)
    {
        await using var fixture = new OutboxFixture();
        var topic = name == "250" ? new string('t', 250) : name;
        (await Should.ThrowAsync<ArgumentException>(fixture.AddAsync(Message(topic, "k", "v")))).Message.ShouldContain("not a valid topic name");
        fixture.Left().ShouldBe(0);
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused_in_keys_and_names_of_headers()
    {
        await using var fixture = new OutboxFixture();
        (await Should.ThrowAsync<ArgumentException>(fixture.AddAsync(Message("t", "a\ud800", "v")))).Message.ShouldContain("position 1");
        await Should.ThrowAsync<ArgumentException>(fixture.AddAsync(Message("t", "k", "v") with { Headers = [RecordHeader.Text("\udc00", "v")] }));
        await fixture.AddAsync(Message("t", "\ud83c\udf0a", "v"));
    }

    [Fact]
    public async Task A_message_that_no_broker_takes_is_refused()
    {
        await using var fixture = new OutboxFixture();
        (await Should.ThrowAsync<ArgumentException>(fixture.AddAsync(new OutboxMessage("t", "k", new byte[OutboxMessageCheck.MaxBytes])))).Message.ShouldContain("bytes");
    }

    [Fact]
    public async Task A_connection_of_another_store_is_refused()
    {
        await using var fixture = new OutboxFixture();
        await using var other = new OutboxFixture();
        await Should.ThrowAsync<ArgumentException>(other.Store.WriteAsync(c => { fixture.Outbox.Add(c, Message("t", "k", "v")); }, CancellationToken.None));
    }

    /// <summary>The table of the first version, as it was released. Ids must go on where they were although the newest row is gone.</summary>
    [Fact]
    public async Task A_database_of_the_first_version_is_brought_up_to_date_with_its_rows_and_ids()
    {
        using var directory = new TemporaryDirectory();
        string[] first =
        [
            "CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, trace_parent TEXT, written_at INTEGER NOT NULL)",
            "INSERT INTO outbox(id, topic, key, value, trace_parent, written_at) VALUES (7, 't', 'k', x'31', 'trace', 5), (8, 't', 'k', x'32', NULL, 6), (9, 't', 'k', x'33', NULL, 7); DELETE FROM outbox WHERE id = 9",
        ];
        first[0].Replace(" ", "").ShouldBe(SqliteOutbox.Migration.Replace(" ", "").ReplaceLineEndings(""), "a released migration is never changed");
        await using (var store = SqliteStore.Open(directory.File("old.db"), first))
        {
            var outbox = new SqliteOutbox(store, TimeProvider.System);
            var rows = outbox.ReadAfter(0, 10).Rows;
            rows.Select(row => (row.Id, row.Key, Encoding.UTF8.GetString(row.Value!), row.TraceParent, row.WrittenAt!.Value.ToUnixTimeMilliseconds()))
                .ShouldBe([(7, "k", "1", "trace", 5), (8, "k", "2", null, 6)]);
            (await store.WriteAsync(c => outbox.Add(c, Message("t", null, null)), CancellationToken.None)).ShouldBe(10);
        }

        await using var again = SqliteStore.Open(directory.File("old.db"), first);
        new SqliteOutbox(again, TimeProvider.System).ReadAfter(0, 10).Rows.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_empty_database_of_the_first_version_keeps_its_ids_too()
    {
        using var directory = new TemporaryDirectory();
        await using var store = SqliteStore.Open(
            directory.File("old.db"), [SqliteOutbox.Migration, "INSERT INTO outbox(id, topic, key, value, written_at) VALUES (41, 't', 'k', x'31', 5); DELETE FROM outbox"]);
        var outbox = new SqliteOutbox(store, TimeProvider.System);
        (await store.WriteAsync(c => outbox.Add(c, Message("t", "k", "v")), CancellationToken.None)).ShouldBe(42);
    }

    [Fact]
    public async Task A_store_without_the_table_is_refused_with_what_to_do()
    {
        using var directory = new TemporaryDirectory();
        await using var store = SqliteStore.Open(directory.File("none.db"), []);
        Should.Throw<InvalidOperationException>(() => new SqliteOutbox(store, TimeProvider.System)).Message.ShouldContain("SqliteOutbox.Migration");
    }
}
