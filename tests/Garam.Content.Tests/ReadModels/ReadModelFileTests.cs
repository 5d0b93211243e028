using Garam.Content.Feed;
using Garam.Content.Search;
using Garam.Outbox.Sqlite;

namespace Garam.Content.Tests.ReadModels;

/// <summary>Files of stores that are damaged, or are something else.</summary>
public sealed class ReadModelFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_damaged_file_of_a_read_model_is_moved_aside_and_a_new_one_takes_its_place()
    {
        byte[] damaged = [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7))];
        foreach (var name in (string[])["feed.db", "search.db"])
            await File.WriteAllBytesAsync(_directory.File(name), damaged, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_directory.File("feed.db.damaged"), "an earlier one", TestContext.Current.CancellationToken);

        await using (var feed = FeedStore.Open(_directory.File("feed.db"), TimeProvider.System))
            feed.Store.IsNew.ShouldBeTrue();
        await using (var index = SearchIndex.Open(_directory.File("search.db"), TimeProvider.System))
            index.Store.IsNew.ShouldBeTrue();
        foreach (var name in (string[])["feed.db.damaged", "search.db.damaged"])
            (await File.ReadAllBytesAsync(_directory.File(name), TestContext.Current.CancellationToken)).ShouldBe(damaged);
    }

    [Fact]
    public void A_directory_of_the_name_of_a_read_model_is_left_alone_and_named()
    {
        Directory.CreateDirectory(_directory.File("search.db"));
        Should.Throw<StoreUnusableException>(() => SearchIndex.Open(_directory.File("search.db"), TimeProvider.System)).Message.ShouldContain("is a directory");
        Directory.Exists(_directory.File("search.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_damaged_content_db_is_left_alone_and_the_message_says_to_restore_a_backup()
    {
        await File.WriteAllBytesAsync(_directory.File("content.db"), [.. Enumerable.Repeat((byte)42, 5_000)], TestContext.Current.CancellationToken);
        Should.Throw<StoreUnusableException>(() => ContentStore.Open(_directory.Path, TimeProvider.System)).Message.ShouldContain("restore it from a backup");
        new FileInfo(_directory.File("content.db")).Length.ShouldBe(5_000);
    }
}
