using Garam.Messaging.Preparation;
using Garam.Messaging.Topics;
using Microsoft.Extensions.Logging;

namespace Garam.Content;

/// <summary>Finds out, before anything is relayed or read, whether content.db continues the history that the log has seen.</summary>
internal sealed class StoreCheck(ContentStore store, ITopicAdmin topics, ILogger<StoreCheck> logger) : IClusterPreparation
{
    public string Name => "comparison of content.db with the log";

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var ends = await topics.EndOffsetsAsync(ContentTopics.OriginalPosts, cancellationToken).ConfigureAwait(false);
        var unknown = await store.Rows.WriteAsync(connection => StoreIdentity.CompareWithLog(connection, ends), cancellationToken).ConfigureAwait(false);
        if (unknown > 0)
            logger.StoreDoesNotContinueLog(unknown);
    }
}
