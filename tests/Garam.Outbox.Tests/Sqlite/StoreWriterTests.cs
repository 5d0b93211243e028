using System.Reflection;
using System.Runtime.CompilerServices;
using Garam.Outbox.Sqlite;
using Microsoft.Data.Sqlite;

namespace Garam.Outbox.Tests.Sqlite;

public sealed class StoreWriterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_listener_to_commits_that_throws_fails_no_command_and_no_other_listener_and_is_a_problem()
    {
        await using var store = Open();
        var heard = 0;
        store.Committed += () => throw new InvalidOperationException("a bug of the listener");
        store.Committed += () => heard++;

        await store.WriteAsync(Insert("one"), CancellationToken.None).WaitAsync(Patience);
        await store.WriteAsync(Insert("two"), CancellationToken.None).WaitAsync(Patience);
        heard.ShouldBe(2);
        store.Problems.ShouldHaveSingleItem().ShouldContain("a bug of the listener");
    }

    [Fact]
    public async Task A_transaction_that_cannot_be_rolled_back_fails_its_commands_and_the_next_one_has_a_new_connection()
    {
        await using var store = Open();
        await Should.ThrowAsync<Exception>(store.WriteAsync(c => { Insert("lost")(c); c.Close(); }, CancellationToken.None).WaitAsync(Patience));

        await store.WriteAsync(Insert("next"), CancellationToken.None).WaitAsync(Patience);
        Texts(store).ShouldBe(["next"]);
        store.Read(c => c.Number("PRAGMA synchronous")).ShouldBe(2);
    }

    [Fact]
    public async Task A_command_that_ends_the_transaction_itself_fails_and_the_writer_lives_on()
    {
        await using var store = Open();
        await Should.ThrowAsync<SqliteException>(store.WriteAsync(c => c.Execute("COMMIT"), CancellationToken.None).WaitAsync(Patience));
        await Should.ThrowAsync<SqliteException>(store.WriteAsync(c => c.Execute("ROLLBACK"), CancellationToken.None).WaitAsync(Patience));

        await store.WriteAsync(Insert("next"), CancellationToken.None).WaitAsync(Patience);
        Texts(store).ShouldBe(["next"]);
    }

    [Fact]
    public void An_asynchronous_command_does_not_compile()
    {
        var rejecting = typeof(SqliteStore).GetMethods().Single(method => method.GetCustomAttribute<ObsoleteAttribute>() is { IsError: true });
        rejecting.GetCustomAttribute<OverloadResolutionPriorityAttribute>()!.Priority.ShouldBe(1, "it must win over the overload for any result");
        rejecting.GetGenericArguments().Single().GetGenericParameterConstraints().ShouldBe([typeof(Task)]);
    }

    [Fact]
    public async Task An_asynchronous_command_that_compiles_fails_at_once_and_keeps_nothing()
    {
        await using var store = Open();
        using var gate = new SemaphoreSlim(0);
        var continued = 0;
        Func<StoreConnection, Task> task = async c => { Insert("hidden task")(c); await gate.WaitAsync(); continued++; };
        Func<StoreConnection, object> hidden = task;
        Func<StoreConnection, ValueTask> valueTask = async c => { Insert("value task")(c); await gate.WaitAsync(); };
        Action<StoreConnection> asyncVoid = async c => { Insert("async void")(c); await gate.WaitAsync(); continued++; };
        Action<StoreConnection> asyncVoidThatThrows = async c => { Insert("async void")(c); await Task.CompletedTask; throw new InvalidOperationException("before the await"); };

        await Should.ThrowAsync<ArgumentException>(store.WriteAsync(hidden, CancellationToken.None).WaitAsync(Patience));
        Should.Throw<ArgumentException>(() => { store.WriteAsync(valueTask, CancellationToken.None); });
        (await Should.ThrowAsync<ArgumentException>(store.WriteAsync(asyncVoid, CancellationToken.None).WaitAsync(Patience))).Message.ShouldContain("synchronous");
        await Should.ThrowAsync<ArgumentException>(store.WriteAsync(asyncVoidThatThrows, CancellationToken.None).WaitAsync(Patience));

        gate.Release(3);
        await store.WriteAsync(Insert("next"), CancellationToken.None).WaitAsync(Patience);
        Texts(store).ShouldBe(["next"]);
        continued.ShouldBe(0, "what was abandoned never continues");
    }

    private SqliteStore Open() => SqliteStore.Open(_directory.File("notes.db"), ["CREATE TABLE note(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL)"]);

    private static Action<StoreConnection> Insert(string text) => c => c.Execute("INSERT INTO note(text) VALUES ($1)", text);

    private static List<string> Texts(SqliteStore store) => store.Read(c => c.Query("SELECT text FROM note ORDER BY id", row => row.GetString(0)));
}
