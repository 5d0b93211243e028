using System.Runtime.CompilerServices;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// What can be done with records that could not be handled, on any Kafka: find them, read why, correct them, send them back. What was sent back
/// is written as a marker into the dead-letter topic itself, so that everybody who looks sees the same. Safe from any thread; one serves a whole program.
/// </summary>
public sealed class DeadLetterOperations : IDisposable
{
    /// <summary>The newest records of a topic that are looked at for a list. A plan reads everything.</summary>
    public const int MaxScanned = 200_000;

    private const int FetchedAtOnce = 200;

    private readonly KafkaConnection _kafka;
    private readonly TimeProvider _time;
    private readonly LetterCatalog _catalog;
    private readonly MessageOperations _messages;
    private readonly Func<NewRecord, CancellationToken, Task<StoredPlace>> _write;
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);

    public DeadLetterOperations(KafkaConnection kafka, TimeProvider? time = null)
        : this(kafka, time ?? TimeProvider.System, write: null)
    {
    }

    /// <param name="kafka">Which Kafka.</param>
    /// <param name="time">The clock.</param>
    /// <param name="write">Writes instead of the producer, for a test that has a write fail between the two of a re-drive.</param>
    internal DeadLetterOperations(KafkaConnection kafka, TimeProvider time, Func<Func<NewRecord, CancellationToken, Task<StoredPlace>>, NewRecord, CancellationToken, Task<StoredPlace>>? write)
    {
        (_kafka, _time) = (kafka, time);
        _catalog = new LetterCatalog(kafka, time);
        _messages = new MessageOperations(kafka, time);
        _write = write is null ? _messages.ProduceAsync : (record, ct) => write(_messages.ProduceAsync, record, ct);
    }

    /// <summary>
    /// The topics of dead letters, those with open letters first, then by name. The first call reads them; later ones only what was written since.
    /// </summary>
    /// <exception cref="OperationException">The brokers went away.</exception>
    public Task<IReadOnlyList<DeadLetterTopic>> ListAsync(CancellationToken ct = default) => _catalog.ListAsync(ct);

    /// <summary>Letters, the newest first. Open ones are those that <see cref="ListAsync"/> has seen: among the newest <see cref="MaxScanned"/> records.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="query">Only letters that match; null: all.</param>
    /// <param name="limit">How many at most, from 1.</param>
    /// <param name="includeRedriven">True: those too that were sent back, and all of the topic is read for them, back from its end.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="OperationException">The topic does not exist, or the brokers went away.</exception>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(string topic, RecordQuery? query, int limit, bool includeRedriven, [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await foreach (var letter in includeRedriven ? LettersBackAsync(topic, ct) : OpenLettersAsync(topic, ct))
        {
            if (query?.Matches(letter.Record) == false)
                continue;
            yield return letter;
            if (--limit == 0)
                yield break;
        }
    }

    /// <summary>One letter and whether it is open; null where there is none (any more) at that place, or a marker.</summary>
    /// <exception cref="OperationException">The topic or the partition does not exist.</exception>
    public async Task<DeadLetter?> GetAsync(string topic, int partition, long offset, CancellationToken ct = default)
    {
        var survey = await LetterSurvey.MakeAsync(_kafka, _time, topic, new RedriveSelection.Place(partition, offset), ct);
        return survey.Only is { } letter ? letter with { Redriven = survey.RedrivenOf(partition, offset) } : null;
    }

    /// <inheritdoc cref="PlanAsync(string, RedriveSelection, LetterEdit?, string?, CancellationToken)"/>
    public Task<RedrivePlan> PlanAsync(string topic, RedriveSelection selection, LetterEdit? edit, CancellationToken ct = default) => PlanAsync(topic, selection, edit, null, ct);

    /// <summary>What a re-drive would do: how many letters, where to, who reads them. Sends nothing.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="selection">Which letters.</param>
    /// <param name="edit">What to send instead; for the letter at a place only.</param>
    /// <param name="to">Topic to send to. Null: the one that each letter comes from.</param>
    /// <param name="ct">Ends the looking.</param>
    /// <exception cref="OperationException">
    /// There is no such topic or letter; an edit was asked for several letters; or it would make of JSON something else, and <see cref="LetterEdit.Force"/> is not set.
    /// </exception>
    public Task<RedrivePlan> PlanAsync(string topic, RedriveSelection selection, LetterEdit? edit, string? to, CancellationToken ct = default) =>
        new RedrivePlanner(_kafka, _time).PlanAsync(topic, selection, edit, to, ct);

    /// <summary>
    /// Sends the letters of a plan, in the order of each partition, and marks each when it is acknowledged. A crash between the two sends it again
    /// and never loses it. A letter that was sent by somebody else since the plan is skipped. Cancelled, it ends between two batches, which are 100 letters
    /// at most: <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <exception cref="OperationException">
    /// A record was refused, or the brokers went away: the message says how many were sent. <see cref="FailureKind.Conflict"/>: this program is at that topic already.
    /// </exception>
    public async IAsyncEnumerable<RedriveProgress> RedriveAsync(RedrivePlan plan, [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.RatePerSecond is { } rate && !(rate is >= 0.01 and <= 1_000_000))
            throw new OperationException(FailureKind.Invalid, $"a rate of {rate} per second: write a number from 0.01 to 1,000,000.");
        Begin(plan.Topic);
        try
        {
            await foreach (var progress in new Redriver(_kafka, _time, _write, plan).RunAsync(ct))
                yield return progress;
        }
        finally
        {
            End(plan.Topic);
        }
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _messages.Dispose();
    }

    /// <summary>Those that the catalog knows of, fetched a few at a time: where most were sent back, reading all of them for the few that are open would take long.</summary>
    private async IAsyncEnumerable<DeadLetter> OpenLettersAsync(string topic, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var places in (await _catalog.OpenAsync(topic, ct)).Chunk(FetchedAtOnce))
        {
            var letters = new Dictionary<StoredPlace, DeadLetter>();
            await LetterReader.ReadAtAsync(_kafka, _time, places, record => letters[record.Place] = LetterReading.Read(record), ct);
            foreach (var place in places.Where(letters.ContainsKey))
                yield return letters[place];
        }
    }

    /// <summary>Back from the end, so that a marker is seen before the letter that it is of.</summary>
    private async IAsyncEnumerable<DeadLetter> LettersBackAsync(string topic, [EnumeratorCancellation] CancellationToken ct)
    {
        var redriven = new Dictionary<(int, long), Redriven>();
        var request = new BrowseRequest(topic) { Order = BrowseOrder.Newest, Limit = int.MaxValue };
        await foreach (var rows in _messages.BrowseAsync(request, ct).OfType<BrowseEvent.Rows>())
        {
            foreach (var record in rows.Records)
            {
                if (LetterReading.Marker(record) is { } marker)
                    redriven.TryAdd((record.Partition, marker.Offset), marker.Redriven);
                else if (!LetterReading.IsMarker(record))
                    yield return LetterReading.Read(record) with { Redriven = redriven.GetValueOrDefault((record.Partition, record.Offset)) };
            }
        }

        ct.ThrowIfCancellationRequested();
    }

    private void Begin(string topic)
    {
        lock (_running)
        {
            if (!_running.Add(topic))
                throw new OperationException(FailureKind.Conflict, $"letters of {topic} are being sent back already: wait until that is done.");
        }
    }

    private void End(string topic)
    {
        lock (_running)
            _running.Remove(topic);
    }
}
