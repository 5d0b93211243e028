using Garam.Outbox.Sqlite;

namespace Garam.Outbox.Tests.Sqlite;

public sealed class SqliteStoreTests : IDisposable
{
    private static readonly string[] Schema = ["CREATE TABLE note(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL)"];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_answered_is_there_after_the_store_is_opened_again()
    {
        await using (var store = Open())
        {
            store.IsNew.ShouldBeTrue();
            await store.WriteAsync(Insert("강"), TestContext.Current.CancellationToken);
        }

        await using var again = Open();
        again.IsNew.ShouldBeFalse();
        Texts(again).ShouldBe(["강"]);
    }

    [Fact]
    public async Task Commands_that_wait_at_the_same_time_share_one_commit()
    {
        await using var store = Open();
        var commits = 0;
        store.Committed += () => commits++;
        using var gate = new ManualResetEventSlim();

        var first = store.WriteAsync(_ => gate.Wait(), TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 500).Select(i => store.WriteAsync(Insert($"{i}"), TestContext.Current.CancellationToken)).ToList();
        gate.Set();
        await first;
        await Task.WhenAll(others);

        commits.ShouldBeInRange(1, 3);
        Texts(store).Count.ShouldBe(500);
    }

    [Fact]
    public async Task A_command_that_throws_is_undone_alone()
    {
        await using var store = Open();
        using var gate = new ManualResetEventSlim();
        var first = store.WriteAsync(_ => gate.Wait(), TestContext.Current.CancellationToken);
        var before = store.WriteAsync(Insert("before"), TestContext.Current.CancellationToken);
        var failing = store.WriteAsync(c => { Insert("lost")(c); throw new InvalidOperationException("no"); }, TestContext.Current.CancellationToken);
        var after = store.WriteAsync(Insert("after"), TestContext.Current.CancellationToken);
        gate.Set();

        await Task.WhenAll(first, before, after);
        (await Should.ThrowAsync<InvalidOperationException>(failing)).Message.ShouldBe("no");
        Texts(store).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_command_that_was_withdrawn_while_it_waited_never_runs()
    {
        await using var store = Open();
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var first = store.WriteAsync(_ => gate.Wait(), TestContext.Current.CancellationToken);
        var withdrawn = store.WriteAsync(Insert("never"), cancellation.Token);
        await cancellation.CancelAsync();
        gate.Set();

        await first;
        await Should.ThrowAsync<OperationCanceledException>(withdrawn);
        Texts(store).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_does_not_wait_for_the_writer_and_sees_only_what_is_committed()
    {
        await using var store = Open();
        using var gate = new ManualResetEventSlim();
        var writing = store.WriteAsync(c => { Insert("한")(c); gate.Wait(); }, TestContext.Current.CancellationToken);

        Texts(store).ShouldBeEmpty();
        gate.Set();
        await writing;
        Texts(store).ShouldBe(["한"]);
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var store = Open();
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => store.Read(c => c.Execute("DELETE FROM note")));
    }

    [Fact]
    public async Task A_second_owner_is_refused_with_a_message_that_says_what_to_do()
    {
        await using var store = Open();
        Should.Throw<StoreInUseException>(Open).Message.ShouldContain("Stop the other one");
    }

    [Fact]
    public async Task Each_migration_runs_once_and_a_file_of_a_later_version_is_refused()
    {
        await using (Open())
        {
        }

        string[] later = [.. Schema, "ALTER TABLE note ADD COLUMN size INTEGER NOT NULL DEFAULT 7; INSERT INTO note(text) VALUES ('moved')"];
        await using (var store = SqliteStore.Open(_directory.File("notes.db"), later))
            store.Read(c => c.Number("SELECT size FROM note")).ShouldBe(7);
        await using (var store = SqliteStore.Open(_directory.File("notes.db"), later))
            Texts(store).ShouldBe(["moved"]);
        Should.Throw<InvalidDataException>(Open);
        await using (SqliteStore.Open(_directory.File("notes.db"), later))
        {
            // The refusal gave the lock back.
        }
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind()
    {
        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(
            () => SqliteStore.Open(_directory.File("notes.db"), ["CREATE TABLE half(id INTEGER); CREATE TABLE half(id INTEGER)"]));
        await using var store = Open();
        store.Read(c => c.Number("SELECT COUNT(*) FROM sqlite_master WHERE name='half'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_transaction_that_SQLite_gave_up_fails_all_its_commands_and_the_next_one_works()
    {
        await using var store = Open();
        using var gate = new ManualResetEventSlim();
        var first = store.WriteAsync(c => { gate.Wait(); Insert("one")(c); }, TestContext.Current.CancellationToken);
        var second = store.WriteAsync(c => { c.Execute("ROLLBACK"); throw new IOException("disk"); }, TestContext.Current.CancellationToken);
        gate.Set();

        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(first);
        await Should.ThrowAsync<IOException>(second);
        await store.WriteAsync(Insert("next"), TestContext.Current.CancellationToken);
        Texts(store).ShouldBe(["next"]);
    }

    [Fact]
    public async Task A_disposed_store_has_written_what_waited_and_takes_nothing_more()
    {
        var store = Open();
        var writes = Enumerable.Range(0, 50).Select(i => store.WriteAsync(Insert($"{i}"), TestContext.Current.CancellationToken)).ToList();
        await store.DisposeAsync();

        await Task.WhenAll(writes);
        await Should.ThrowAsync<ObjectDisposedException>(store.WriteAsync(Insert("late"), TestContext.Current.CancellationToken));
        await using var again = Open();
        Texts(again).Count.ShouldBe(50);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task A_damaged_file_is_named_with_what_to_do_and_its_lock_is_given_back(int offsetInFirstPage)
    {
        await using (Open())
        {
        }

        await FlipFirstByteOfEveryPageAsync(_directory.File("notes.db"), offsetInFirstPage);
        var error = Should.Throw<StoreUnusableException>(Open);
        error.IsDamaged.ShouldBeTrue();
        error.Message.ShouldContain(_directory.File("notes.db"));
        error.Message.ShouldContain("restore it from a backup");
        File.Delete(_directory.File("notes.db"));
        await using var store = Open();
    }

    [Fact]
    public async Task Damage_that_is_found_later_is_named_too()
    {
        await using var store = Open();
        Action<StoreConnection> failing = _ => throw new Microsoft.Data.Sqlite.SqliteException("database disk image is malformed", 11);
        (await Should.ThrowAsync<StoreUnusableException>(store.WriteAsync(failing, TestContext.Current.CancellationToken))).Message.ShouldContain("notes.db");
        Should.Throw<StoreUnusableException>(() => store.Read<int>(_ => throw new Microsoft.Data.Sqlite.SqliteException("malformed", 11)));
    }

    [Fact]
    public void A_directory_in_place_of_the_file_and_a_file_in_place_of_the_directory_are_named()
    {
        Directory.CreateDirectory(_directory.File("notes.db"));
        Should.Throw<StoreUnusableException>(Open).Message.ShouldContain("is a directory");
        File.WriteAllText(_directory.File("data"), "");
        var error = Should.Throw<IOException>(() => SqliteStore.Open(Path.Combine(_directory.File("data"), "notes.db"), Schema));
        error.Message.ShouldContain(_directory.File("data"));
        error.Message.ShouldContain("another data directory");
    }

    private static async Task FlipFirstByteOfEveryPageAsync(string file, int offsetInFirstPage)
    {
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[offsetInFirstPage] ^= 0xFF;
        for (var page = 4096; page < bytes.Length; page += 4096)
            bytes[page] ^= 0xFF;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
    }

    private SqliteStore Open() => SqliteStore.Open(_directory.File("notes.db"), Schema);

    private static Action<StoreConnection> Insert(string text) => c => c.Execute("INSERT INTO note(text) VALUES ($1)", text);

    private static List<string> Texts(SqliteStore store) =>
        store.Read(c => c.Query("SELECT text FROM note ORDER BY id", row => row.GetString(0)));
}
