using Garam.Content.Moderation;
using Garam.Content.People;
using Garam.Content.ReadModels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Content;

/// <summary>
/// Before the first request is answered: writes the sample data of a new store, and keeps new posts from having ids that the read models
/// know.
/// </summary>
internal sealed class ContentStartup(ContentStore store, IEnumerable<ReadModel> models, IModerator moderator, ILogger<ContentStartup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        logger.ModerationPolicy(moderator.Policy);

        // The log says more, but can be away, and posts are taken meanwhile.
        var highest = models.Max(model => model.Store.Read(connection => connection.Number(model.HighestPostId)));
        await store.Rows.WriteAsync(connection => StoreIdentity.ReservePostIds(connection, highest), cancellationToken).ConfigureAwait(false);
        if (await FirstLookData.WriteIfEmptyAsync(store, cancellationToken))
            logger.FirstLookDataWritten();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
