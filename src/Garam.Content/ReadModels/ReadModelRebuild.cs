using Garam.Messaging.Groups;
using Garam.Messaging.Preparation;
using Microsoft.Extensions.Logging;

namespace Garam.Content.ReadModels;

/// <summary>
/// Lets a new read model be filled from the oldest records. Its group may have committed offsets for the file that was deleted: they are
/// removed before any consumer of this process starts.
/// </summary>
internal sealed class ReadModelRebuild(IEnumerable<ReadModel> models, IGroupAdmin groups, TimeProvider time, ILogger<ReadModelRebuild> logger) : IClusterPreparation
{
    public string Name => "consumer groups of new read models";

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(models.Where(model => !model.HasBegun).Select(model => BeginAsync(model, cancellationToken)));

    private async Task BeginAsync(ReadModel model, CancellationToken cancellationToken)
    {
        await groups.ForgetOffsetsAsync(model.Group, cancellationToken).ConfigureAwait(false);
        await model.MarkBegunAsync(time.UtcNow(), cancellationToken).ConfigureAwait(false);
        logger.ReadModelIsNew(Path.GetFileName(model.Store.Path), model.Group);
    }
}
