using System.Collections.Concurrent;
using System.Threading.Channels;
using Garam.Background;
using Garam.Broker.Topics;
using Garam.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Apis;

/// <summary>
/// Creates the topics that clients ask for by name and that do not exist (<c>auto.create.topics.enable</c>), one after the other in the background: the request is answered
/// before, as in Kafka, and the client asks again.
/// </summary>
internal sealed class TopicAutoCreation : IAsyncDisposable
{
    /// <summary>More than this are not remembered: their clients ask again.</summary>
    private const int MostWaiting = 10_000;

    private readonly TopicStore _topics;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);
    private readonly Channel<string> _names = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _worker;

    public TopicAutoCreation(TopicStore topics, BackgroundWork background, ILogger logger)
    {
        _topics = topics;
        _logger = logger;
        _worker = background.Run("automatic creation of topics", CreateAllAsync, OnFailure.Restart(), _stopping.Token);
    }

    /// <summary>Has a topic created soon. Asking twice is asking once.</summary>
    public void Request(string name)
    {
        if (_waiting.Count < MostWaiting && _waiting.TryAdd(name, true))
        {
            _names.Writer.TryWrite(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _worker.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task CreateAllAsync(CancellationToken stopping)
    {
        await foreach (var name in _names.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
        {
            try
            {
                await CreateAsync(name, stopping).ConfigureAwait(false);
            }
            finally
            {
                _waiting.TryRemove(name, out _);
            }
        }
    }

    private async Task CreateAsync(string name, CancellationToken stopping)
    {
        var topic = new NewTopic(name, -1, new Dictionary<string, string>());
        var created = await TopicChanges.TryAsync(() => _topics.CreateAsync(topic, validateOnly: false, stopping)).ConfigureAwait(false);
        if (created.Error is not ErrorCode.None and not ErrorCode.TopicAlreadyExists)
        {
            _logger.TopicNotCreated(name, created.Error, created.Message);
        }
    }
}
