using Garam.Content.Messages;
using static Garam.Content.Tests.Feed.Events;

namespace Garam.Content.Tests.Feed;

/// <summary>A random history of posts and follows, and a delivery of it as a consumer may see one.</summary>
internal static class FeedScenario
{
    public const int Users = 5;
    private const int Posts = 30, MostVersions = 5;

    public static object KeyOf(object message) => message is FollowMessage follow ? ("follower", follow.FollowerId) : ("post", ((InspectedPostMessage)message).Id);

    /// <summary>
    /// Keys are interleaved at random. Some deliveries are repeated at once, and now and then a key is rewound to an earlier
    /// message and delivered again from there, as after a crash or a reset of the group.
    /// </summary>
    public static IEnumerable<object> Deliveries(Random random)
    {
        var lanes = History(random).GroupBy(KeyOf).Select(lane => (Messages: lane.ToList(), At: 0)).ToArray();
        while (lanes.Any(lane => lane.At < lane.Messages.Count))
        {
            var chosen = random.Next(lanes.Length);
            ref var lane = ref lanes[chosen];
            if (lane.At == lane.Messages.Count || random.Next(12) == 0)
            {
                lane.At = random.Next(8) == 0 ? random.Next(lane.At + 1) : lane.At;
                continue;
            }

            var message = lane.Messages[lane.At++];
            yield return message;
            if (random.Next(6) == 0)
            {
                yield return message;
            }
        }
    }

    private static List<object> History(Random random)
    {
        var history = new List<object>();
        for (var id = 0; id < Posts; id++)
        {
            var (author, minute) = (random.Next(Users), random.Next(10));
            var versions = random.Next(1, MostVersions + 1);
            for (var version = 1; version <= versions; version++)
            {
                // A creation that is judged bad is never published, so a history may begin with any version.
                if (random.Next(4) != 0)
                {
                    history.Add(random.Next(3) == 0 ? Removed(id, version) : Approved(id, version, author, minute));
                }
            }
        }

        var follows = new Dictionary<(int, int), int>();
        for (var change = 0; change < 60; change++)
        {
            var pair = (Follower: random.Next(Users), Following: random.Next(Users));
            var version = follows[pair] = follows.GetValueOrDefault(pair) + 1;
            history.Add(version % 2 == 1 ? Followed(pair.Follower, pair.Following, version) : Unfollowed(pair.Follower, pair.Following, version));
        }

        return history;
    }
}
