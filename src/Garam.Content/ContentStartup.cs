using Garam.Content.Moderation;
using Garam.Content.People;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Content;

/// <summary>Writes the sample data of a new store before the first request is answered.</summary>
internal sealed class ContentStartup(ContentStore store, IModerator moderator, ILogger<ContentStartup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        logger.ModerationPolicy(moderator.Policy);
        if (await FirstLookData.WriteIfEmptyAsync(store, cancellationToken))
            logger.FirstLookDataWritten();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
