using Garam.Outbox.Sqlite;

namespace Garam.Content.People;

/// <summary>
/// First-look data: invented users, categories and follows, so that a new platform can be tried at once. Written into an empty store only.
/// </summary>
internal static class FirstLookData
{
    /// <summary>Many read this user, so that a busy inbox can be seen.</summary>
    private const int PopularUser = 5;

    private static readonly string[] UserNames =
    [
        "한가람", "윤서", "도윤", "Mina", "은하", "지호", "Oliver", "나래", "시우", "하람",
        "Sofia", "미르", "다온", "준서", "Emma", "가온", "예린", "Noah", "슬기", "태오",
        "라온", "Lucas", "보라", "현우", "Clara", "아람", "건우", "Hugo", "소담", "찬솔",
    ];

    private static readonly string[] CategoryNames = ["IT", "Travel", "Health"];

    /// <summary>True when the store was empty and is filled now.</summary>
    public static Task<bool> WriteIfEmptyAsync(ContentStore store, CancellationToken cancellationToken) => store.Rows.WriteAsync(
        connection =>
        {
            if (connection.Number("SELECT EXISTS(SELECT * FROM user)") != 0)
                return false;
            for (var i = 0; i < UserNames.Length; i++)
                connection.Execute("INSERT INTO user(id, name) VALUES ($1, $2)", i + 1, UserNames[i]);
            for (var i = 0; i < CategoryNames.Length; i++)
                connection.Execute("INSERT INTO category(id, name) VALUES ($1, $2)", i + 1, CategoryNames[i]);
            WriteFollows(connection, store.Outbox);
            return true;
        },
        cancellationToken);

    /// <summary>Everybody follows three others, going round; every third one also follows the popular user.</summary>
    private static void WriteFollows(StoreConnection connection, SqliteOutbox outbox)
    {
        for (var follower = 1; follower <= UserNames.Length; follower++)
        {
            foreach (var step in (int[])[1, 6, 14])
                FollowStore.Change(connection, outbox, follower, ((follower - 1 + step) % UserNames.Length) + 1, isActive: true);
            if (follower % 3 == 0)
                FollowStore.Change(connection, outbox, follower, PopularUser, isActive: true);
        }
    }
}
