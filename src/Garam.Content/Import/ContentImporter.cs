using System.Collections.Concurrent;
using System.Net.Sockets;
using Garam.Content.Search;

namespace Garam.Content.Import;

/// <summary>Sends the records of a file to a running content platform, as posts, over its HTTP API.</summary>
public sealed class ContentImporter : IDisposable
{
    /// <summary>Posts at the end of an import that it waits for. They are sent side by side, so the very last is not always the last to be found.</summary>
    private const int LastPosts = 16;

    private readonly ImportOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly PlatformClient _platform;
    private readonly ConcurrentQueue<(long Id, string Keyword)> _last = new();

    /// <exception cref="ArgumentException">An option is out of its range; the message names all that are.</exception>
    public ContentImporter(ImportOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_options, _time) = (options, time ?? TimeProvider.System);
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = options.Server };
        _platform = new PlatformClient(_http);
    }

    /// <summary>Imports the whole file, unless the platform fails or the caller cancels: then the report says where to go on.</summary>
    /// <param name="file">The records.</param>
    /// <param name="format">How the file holds them.</param>
    /// <param name="progress">Told about once a second.</param>
    /// <param name="cancellationToken">Ends the import after the records that are on their way.</param>
    /// <exception cref="ImportException">The platform does not answer, so nothing was imported.</exception>
    public async Task<ImportReport> RunAsync(TextReader file, ImportFormat format, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var mapping = new PostMapping(
            _options,
            await _platform.UsersAsync(cancellationToken).ConfigureAwait(false),
            await _platform.CategoriesAsync(cancellationToken).ConfigureAwait(false));
        var tally = new ImportTally(_time, progress);
        var probe = _options.Wait ? new SearchProbe(_platform, _options.WaitTimeout, _time) : null;
        var records = format == ImportFormat.Csv ? CsvSource.ReadAsync(file, cancellationToken) : NdjsonSource.ReadAsync(file, cancellationToken);
        try
        {
            var workers = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken };

            // A record on its way is not called back by a cancellation: nobody could tell whether it became a post.
            await Parallel.ForEachAsync(Begun(records, tally), workers, async (record, _) => await SendAsync(record, mapping, tally, probe).ConfigureAwait(false))
                .ConfigureAwait(false);
            var total = tally.Total;
            var lag = probe is null ? null : await probe.FinishAsync([.. _last], cancellationToken).ConfigureAwait(false);
            return new ImportReport(total, tally.Refusals, ResumeFrom: null, Failure: null, lag);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ImportReport(tally.Total, tally.Refusals, tally.FirstUnfinished, Failure: null, Searchable: null);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            return new ImportReport(tally.Total, tally.Refusals, tally.FirstUnfinished, error.Message, Searchable: null);
        }
    }

    public void Dispose() => _http.Dispose();

    private async IAsyncEnumerable<SourceRecord> Begun(IAsyncEnumerable<SourceRecord> records, ImportTally tally)
    {
        await foreach (var record in records.ConfigureAwait(false))
        {
            if (record.Line >= _options.FromLine)
            {
                tally.Begin(record.Line);
                yield return record;
            }
        }
    }

    private async Task SendAsync(SourceRecord record, PostMapping mapping, ImportTally tally, SearchProbe? probe)
    {
        if (!mapping.TryMap(record, out var post, out var error))
        {
            tally.Refused(record.Line, error);
            return;
        }

        var (id, refusal) = await _platform.CreateAsync(post, CancellationToken.None).ConfigureAwait(false);
        if (id is null)
        {
            tally.Refused(record.Line, refusal!);
            return;
        }

        tally.Created(record.Line);
        if (probe is not null && SearchQuery.TryParse(post.Title, out _, out _))
        {
            Remember(id.Value, post.Title);
            probe.Offer(id.Value, post.Title);
        }
    }

    private void Remember(long id, string keyword)
    {
        _last.Enqueue((id, keyword));
        if (_last.Count > LastPosts)
        {
            _last.TryDequeue(out _);
        }
    }
}
