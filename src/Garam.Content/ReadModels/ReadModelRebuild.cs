using Garam.Messaging.Groups;
using Garam.Messaging.Preparation;
using Microsoft.Extensions.Logging;

namespace Garam.Content.ReadModels;

/// <summary>
/// Lets a read model be filled from the oldest records when it is new, or holds the history of another content.db. Its group may have
/// committed
/// offsets: they are removed before any consumer of this process starts.
/// </summary>
internal sealed class ReadModelRebuild(
    ContentStore content, IEnumerable<ReadModel> models, IGroupAdmin groups, TimeProvider time, ILogger<ReadModelRebuild> logger) : IClusterPreparation
{
    public string Name => "consumer groups of new read models";

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        var identity = StoreIdentity.Of(content.Rows);
        return Task.WhenAll(models.Where(model => !model.HasBegun(identity)).Select(model => BeginAsync(model, identity, cancellationToken)));
    }

    private async Task BeginAsync(ReadModel model, string identity, CancellationToken cancellationToken)
    {
        await groups.ForgetOffsetsAsync(model.Group, cancellationToken).ConfigureAwait(false);
        await model.BeginAsync(identity, time.UtcNow(), cancellationToken).ConfigureAwait(false);
        logger.ReadModelIsNew(Path.GetFileName(model.Store.Path), model.Group);
    }
}
