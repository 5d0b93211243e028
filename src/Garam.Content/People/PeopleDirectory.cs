namespace Garam.Content.People;

/// <summary>Somebody who writes and reads.</summary>
public sealed record User(long Id, string Name);

/// <summary>What a post is about.</summary>
public sealed record Category(long Id, string Name);

/// <summary>The users and categories. There is no way yet to change them while the platform runs: they are read once.</summary>
internal sealed class PeopleDirectory(ContentStore store)
{
    private readonly Lazy<SortedDictionary<long, string>> _users = new(() => Load(store, "SELECT id, name FROM user"));
    private readonly Lazy<SortedDictionary<long, string>> _categories = new(() => Load(store, "SELECT id, name FROM category"));

    public IEnumerable<User> Users => _users.Value.Select(pair => new User(pair.Key, pair.Value));

    public IEnumerable<Category> Categories => _categories.Value.Select(pair => new Category(pair.Key, pair.Value));

    /// <summary>Null when there is no such user.</summary>
    public string? UserName(long id) => _users.Value.GetValueOrDefault(id);

    /// <summary>Null when there is no such category.</summary>
    public string? CategoryName(long id) => _categories.Value.GetValueOrDefault(id);

    private static SortedDictionary<long, string> Load(ContentStore store, string sql) =>
        new(store.Rows.Read(c => c.Query(sql, static row => KeyValuePair.Create(row.GetInt64(0), row.GetString(1)))).ToDictionary());
}
