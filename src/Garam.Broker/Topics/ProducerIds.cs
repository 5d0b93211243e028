namespace Garam.Broker.Topics;

/// <summary>Hands out producer ids. A block of them is written down before the first of it is given away, so that no restart gives one twice.</summary>
internal sealed class ProducerIds(MetadataLog metadata, long next)
{
    public const string Key = "producer-ids";

    /// <summary>How many ids records that are missing from the metadata log may have given away: more than anybody has used between two starts.</summary>
    public const long MostThatCanBeLost = 1_000_000_000;

    private const int BlockSize = 1000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next = next;
    private long _reserved = next;

    /// <summary>An id that no producer has had.</summary>
    /// <exception cref="IOException">The next block could not be written down.</exception>
    public async ValueTask<long> NextAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_next == _reserved)
            {
                await metadata.SetAsync(Key, new ProducerIdsEntry(_reserved + BlockSize)).ConfigureAwait(false);
                _reserved += BlockSize;
            }
            return _next++;
        }
        finally
        {
            _gate.Release();
        }
    }
}
