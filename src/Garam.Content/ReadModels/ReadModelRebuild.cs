using Garam.Messaging.Groups;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Content.ReadModels;

/// <summary>
/// Lets a new read model be filled from the oldest records. Its group may have committed offsets for the file that was deleted:
/// they go, before any consumer of this process starts.
/// </summary>
internal sealed class ReadModelRebuild(IEnumerable<ReadModel> models, IGroupAdmin groups, TimeProvider time, ILogger<ReadModelRebuild> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(models.Where(model => !model.HasBegun).Select(model => BeginAsync(model, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BeginAsync(ReadModel model, CancellationToken cancellationToken)
    {
        await groups.ForgetOffsetsAsync(model.Group, cancellationToken).ConfigureAwait(false);
        await model.MarkBegunAsync(time.UtcNow(), cancellationToken).ConfigureAwait(false);
        logger.ReadModelIsNew(Path.GetFileName(model.Store.Path), model.Group);
    }
}
