using System.Text;
using System.Text.Json;
using Garam.Content.Inspection;
using Garam.Content.Messages;
using Garam.Content.People;
using Garam.Content.Posts;
using Garam.Messaging.Producing;

namespace Garam.Content.Tests.Inspection;

/// <summary>The inspector on a real store, with a moderator and an event log that the test plays.</summary>
internal sealed class Desk : IRecordProducer, IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Desk()
    {
    }

    public ScriptedModerator Moderator { get; } = new();

    /// <summary>What readers were told, in order.</summary>
    public List<string> Told { get; } = [];

    /// <summary>While it is set the event log does not acknowledge.</summary>
    public bool IsLogAway { get; set; }

    public ContentStore Store { get; private set; } = null!;

    public PostStore Posts { get; private set; } = null!;

    public VerdictStore Verdicts { get; private set; } = null!;

    private Inspector Inspector { get; set; } = null!;

    public static async Task<Desk> OpenAsync()
    {
        var desk = new Desk();
        desk.Open();
        await FirstLookData.WriteIfEmptyAsync(desk.Store, CancellationToken.None);
        return desk;
    }

    /// <summary>As after a crash: nothing is left but the file.</summary>
    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Open();
    }

    public Task<OriginalPost> CreateAsync(string content) => Posts.CreateAsync(new PostDraft("제목", content, 1, 1), CancellationToken.None);

    public async Task<OriginalPost> UpdateAsync(OriginalPost post, string content) =>
        (await Posts.UpdateAsync(post.Id, new PostDraft("제목", content, null, 2), CancellationToken.None))!;

    public Task InspectAsync(OriginalPost post, OperationType operation = OperationType.Create) =>
        Inspector.HandleAsync(new OriginalPostMessage(post.Id, post.Version, post, operation), CancellationToken.None);

    public Task InspectDeletionAsync(long id, int version) =>
        Inspector.HandleAsync(new OriginalPostMessage(id, version, null, OperationType.Delete), CancellationToken.None);

    public Task InspectAsync(OriginalPostMessage message) => Inspector.HandleAsync(message, CancellationToken.None);

    public async Task<string?> VisibleAsync(long id) => (await Verdicts.FindAsync(id, CancellationToken.None))?.Content;

    public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        if (IsLogAway)
            throw new TimeoutException("no broker");
        record.Topic.ShouldBe(ContentTopics.InspectedPosts);
        Told.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
        return ValueTask.FromResult(new RecordPosition(record.Topic, 0, Told.Count));
    }

    public InspectedPostMessage LastTold() => JsonSerializer.Deserialize(Told[^1], MessageJson.Wire.InspectedPostMessage)!;

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _directory.Dispose();
    }

    private void Open()
    {
        Store = ContentStore.Open(_directory.Path, TimeProvider.System);
        Posts = new PostStore(Store, TimeProvider.System);
        Verdicts = new VerdictStore(Store);
        Inspector = new Inspector(Moderator, Verdicts, new PostHistory(Store), new PeopleDirectory(Store), this, TimeProvider.System);
    }
}
