using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Browser.Tests;

/// <summary>The platform with life in it: posts, a group that is stuck, dead letters, and names and payloads that mean harm. Made once for a class of tests.</summary>
public sealed class Town(Chromium chromium) : IAsyncLifetime
{
    public const string StuckGroup = "정산 (멈춤)";

    /// <summary>As long as a topic's name may be.</summary>
    public static readonly string LongTopic = $"a.very-long.name_{new string('w', 229)}.x1";

    public const string HostileGroup = "<img src=x onerror=alert(1)>\"'&‮../\t개";

    public const string HostileTopic = "hostile";

    public const string DeadLetters = "post.original.auto-inspection-consumer-group.dlt";

    private readonly string _data = Repository.NewFolder("town");
    private GaramProcess? _garam;

    public Uri Http => Garam.Http;

    public string Kafka => Garam.Kafka;

    // Where there is no browser the tests that come here are skipped: a fixture that skips would fail them.
    private GaramProcess Garam
    {
        get
        {
            chromium.Require();
            return _garam!;
        }
    }

    /// <summary>The posts that were written, by title.</summary>
    public Dictionary<string, long> Posts { get; } = [];

    /// <summary>The pages to look at, by the name of their picture.</summary>
    public IEnumerable<(string Name, string Path)> Pages =>
    [
        ("overview", "/console"),
        ("topics", "/console/topics"),
        ("topic", "/console/topics/post.original"),
        ("topic-long-name", $"/console/topics/{LongTopic}"),
        ("messages", "/console/topics/post.original/messages"),
        ("messages-hostile", $"/console/topics/{HostileTopic}/messages"),
        ("topic-groups", "/console/topics/post.inspected/groups"),
        ("topic-config", "/console/topics/post.original/config"),
        ("topic-config-edit", "/console/topics/post.original/config?edit=true"),
        ("topic-clear", "/console/topics/post.original/clear"),
        ("record-opened", "/console/topics/post.original/messages?from=-1h&open=0/0"),
        ("record-resend", "/console/topics/post.original/produce?of=0:0"),
        ("cluster", "/console/cluster"),
        ("record", "/console/topics/post.original/0/0"),
        ("record-markup", $"/console/topics/{HostileTopic}/0/0"),
        ("record-invalid", $"/console/topics/{HostileTopic}/0/1"),
        ("record-megabyte", $"/console/topics/{HostileTopic}/0/2"),
        ("record-bidi", $"/console/topics/{HostileTopic}/0/3"),
        ("groups", "/console/groups"),
        ("group-stuck", $"/console/group?name={Uri.EscapeDataString(StuckGroup)}"),
        ("group-hostile", $"/console/group?name={Uri.EscapeDataString(HostileGroup)}"),
        ("group-reset", $"/console/group/reset?name={Uri.EscapeDataString(StuckGroup)}"),
        ("dead-letters", "/console/dead-letters"),
        ("dead-letters-topic", $"/console/dead-letters/{DeadLetters}"),
        ("services", "/console/services"),
        ("lives", "/console/lives/posts"),
        ("life", $"/console/lives/posts/{Posts.Values.First()}"),
        ("life-hostile", $"/console/lives/posts/{Posts.Values.Last()}"),
    ];

    public async ValueTask InitializeAsync()
    {
        if (!chromium.IsThere)
            return;
        var ct = TestContext.Current.CancellationToken;
        _garam = await GaramProcess.UpAsync(_data, ct);
        await WritePostsAsync(ct);
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = Kafka, MessageMaxBytes = 2_000_000 }).Build();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).Build();
        await admin.CreateTopicsAsync(((string[])[LongTopic, HostileTopic]).Select(name => new TopicSpecification
        {
            Name = name,
            NumPartitions = 1,
            Configs = new() { ["max.message.bytes"] = "2000000" },
        }));
        foreach (var (key, value) in HostileRecords)
            await producer.ProduceAsync(HostileTopic, new() { Key = key, Value = value, Headers = [new Header("<b>header</b>", "‮ 값 <i>"u8.ToArray())] }, ct);

        // What no moderator can read: it becomes a dead letter.
        await producer.ProduceAsync(new TopicPartition("post.original", 0), new() { Key = "7"u8.ToArray(), Value = "{\"id\": 7, \"제목\": <깨진 글>"u8.ToArray() }, ct);
        CommitAt(StuckGroup, new TopicPartitionOffset("post.original", 0, 0));
        CommitAt(HostileGroup, new TopicPartitionOffset(HostileTopic, 0, 1));
        await Eventually.IsAsync(
            () => Task.FromResult(admin.GetMetadata(DeadLetters, TimeSpan.FromSeconds(5)).Topics[0].Error.Code is ErrorCode.NoError && End(DeadLetters) > 0),
            there => there, "the dead letter is there", ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_garam is not null)
            await _garam.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Writes a post and answers its number.</summary>
    public async Task<long> WriteAsync(string title, string content, int user, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Http };
        using var answer = await http.PostAsJsonAsync("/posts", new { title, content, userId = user, categoryId = 1 + user % 3 }, ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetInt64();
    }

    public Task<string> KcatAsync(params string[] arguments) =>
        Repository.RunAsync("kcat", ["-b", Kafka, .. arguments], "", TestContext.Current.CancellationToken);

    private static IEnumerable<(byte[]? Key, byte[]? Value)> HostileRecords =>
    [
        ("\"><script>alert(1)</script>"u8.ToArray(), "{\"a\": \"<img src=x onerror=alert(1)>\", \"큰수\": 12345678901234567890.10}"u8.ToArray()),
        ([0xC3, 0x28, 0x00], [.. "앞"u8, 0xFF, 0xFE, 0x00, 0x1B, .. "[31m뒤"u8]),
        ("크다"u8.ToArray(), Encoding.UTF8.GetBytes($"{{\"긴글\": \"{new string('가', 350_000)}\"}}")),
        ("‮abc"u8.ToArray(), "왼쪽 ‮오른쪽⁦ 끝 \u0007\u001b[2J"u8.ToArray()),
        (null, null),
    ];

    private async Task WritePostsAsync(CancellationToken ct)
    {
        (string Title, string Content, int User)[] posts =
        [
            ("한강에서 보낸 저녁", "노을이 물 위에 길게 누웠다. 자전거를 세워 두고 한참을 바라보았다.", 3),
            ("이벤트로 배우는 분산 시스템", "글 하나가 아웃박스와 토픽을 지나 독자의 피드에 닿기까지 따라가 보았다.", 1),
            ("제주 올레 7코스 걷기", "바람이 세찼지만 바다는 맑았다. 다섯 시간 반을 걸었고 국수를 먹었다.", 5),
            ("아침 달리기 30일", "처음에는 2km도 힘들었는데 이제는 숨이 고르다.", 8),
            ("<script>alert(1)</script> \u202E거꾸로 읽히는 제목", "<b>굵은</b> 글씨가 아니다", 4),
        ];
        foreach (var (title, content, user) in posts)
            Posts[title] = await WriteAsync(title, content, user, ct);
    }

    private long End(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = Kafka, GroupId = "end" }).Build();
        return Enumerable.Range(0, 3).Sum(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(5)).High.Value);
    }

    private void CommitAt(string group, TopicPartitionOffset position)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = Kafka, GroupId = group }).Build();
        consumer.Commit([position]);
    }
}
