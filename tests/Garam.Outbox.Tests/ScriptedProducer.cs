using System.Text;
using Garam.Messaging.Producing;

namespace Garam.Outbox.Tests;

/// <summary>A producer whose every answer a test decides. Remembers what was handed to it, in order.</summary>
internal sealed class ScriptedProducer : IRecordProducer
{
    private readonly List<(ProducerRecord Record, TaskCompletionSource<RecordPosition> Answer)> _calls = [];

    /// <summary>What happens to a call that is not answered by hand: null leaves it open.</summary>
    public Func<ProducerRecord, Exception?>? AnswerAtOnce { get; set; }

    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (_calls)
                return [.. _calls.Select(call => Text(call.Record))];
        }
    }

    public IReadOnlyList<ProducerRecord> Records
    {
        get
        {
            lock (_calls)
                return [.. _calls.Select(call => call.Record)];
        }
    }

    public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<RecordPosition>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_calls)
            _calls.Add((record, answer));
        if (AnswerAtOnce is { } decide)
            Complete(answer, decide(record));
        return new ValueTask<RecordPosition>(answer.Task);
    }

    /// <summary>Answers every open call for this value.</summary>
    public void Answer(string text, Exception? error = null)
    {
        List<TaskCompletionSource<RecordPosition>> open;
        lock (_calls)
            open = [.. _calls.Where(call => Text(call.Record) == text && !call.Answer.Task.IsCompleted).Select(call => call.Answer)];
        open.ShouldNotBeEmpty($"nobody waits for '{text}'");
        open.ForEach(answer => Complete(answer, error));
    }

    private static void Complete(TaskCompletionSource<RecordPosition> answer, Exception? error)
    {
        if (error is null)
            answer.TrySetResult(new RecordPosition("t", 0, 0));
        else
            answer.TrySetException(error);
    }

    private static string Text(ProducerRecord record) => record.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "";
}
