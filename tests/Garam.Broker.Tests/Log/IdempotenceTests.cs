using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class IdempotenceTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();
    private PartitionLog _log = null!;

    public ValueTask InitializeAsync()
    {
        _log = _folder.Open();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    /// <summary>After batches of epoch 1 with the sequences 0-1, 2, 3-5 (offsets 0-1, 2, 3-5).</summary>
    [Theory]
    [InlineData(1, 6, 1, ErrorCode.None, 6)]
    [InlineData(1, 3, 3, ErrorCode.None, 3)] // again: the last
    [InlineData(1, 2, 1, ErrorCode.None, 2)] // again: an older one
    [InlineData(1, 0, 2, ErrorCode.None, 0)] // again: the first
    [InlineData(1, 7, 1, ErrorCode.OutOfOrderSequenceNumber, -1)] // a gap
    [InlineData(1, 5, 1, ErrorCode.OutOfOrderSequenceNumber, -1)] // a part of an old batch is not that batch
    [InlineData(1, 3, 2, ErrorCode.OutOfOrderSequenceNumber, -1)]
    [InlineData(2, 0, 1, ErrorCode.None, 6)] // a new epoch starts at 0
    [InlineData(2, 6, 1, ErrorCode.OutOfOrderSequenceNumber, -1)]
    [InlineData(0, 6, 1, ErrorCode.InvalidProducerEpoch, -1)] // an old epoch
    [InlineData(0, 0, 2, ErrorCode.InvalidProducerEpoch, -1)]
    public void A_batch_follows_or_is_known_or_is_refused(short epoch, int sequence, int count, ErrorCode expected, long offset)
    {
        _log.Append(Batches.Sequenced(9, 1, 0, 2), AppendOrigin.Client);
        _log.Append(Batches.Sequenced(9, 1, 2), AppendOrigin.Client);
        _log.Append(Batches.Sequenced(9, 1, 3, 3), AppendOrigin.Client);
        var result = _log.Append(Batches.Sequenced(9, epoch, sequence, count), AppendOrigin.Client);
        (result.Error, result.BaseOffset).ShouldBe((expected, offset));
        _log.LogEndOffset.ShouldBe(offset == 6 ? 7 : 6);
    }

    [Fact]
    public void Five_batches_are_remembered_and_the_sixth_is_out_of_order()
    {
        for (var sequence = 0; sequence < 7; sequence++)
        {
            _log.Append(Batches.Sequenced(9, 0, sequence), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        }
        for (var sequence = 2; sequence < 7; sequence++)
        {
            _log.Append(Batches.Sequenced(9, 0, sequence), AppendOrigin.Client).BaseOffset.ShouldBe(sequence);
        }
        _log.Append(Batches.Sequenced(9, 0, 1), AppendOrigin.Client).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public void An_unknown_producer_may_start_anywhere()
    {
        _log.Append(Batches.Sequenced(9, 3, 4711), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        _log.Append(Batches.Sequenced(9, 3, 4712), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Sequences_wrap_to_zero()
    {
        _log.Append(Batches.Sequenced(9, 0, int.MaxValue - 1, 2), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        _log.Append(Batches.Sequenced(9, 0, 0, 2), AppendOrigin.Client).BaseOffset.ShouldBe(2);
        _log.Append(Batches.Sequenced(9, 0, int.MaxValue - 1, 2), AppendOrigin.Client).BaseOffset.ShouldBe(0);
        _log.Append(Batches.Sequenced(9, 0, 2), AppendOrigin.Client).BaseOffset.ShouldBe(4);

        _log.Append(Batches.Sequenced(10, 0, int.MaxValue, 3), AppendOrigin.Client).BaseOffset.ShouldBe(5);
        _log.Append(Batches.Sequenced(10, 0, 2), AppendOrigin.Client).BaseOffset.ShouldBe(8, "a batch may wrap inside");
    }

    [Fact]
    public void A_silent_producer_is_forgotten_after_a_day()
    {
        _log.Append(Batches.Sequenced(9, 1, 0), AppendOrigin.Client);
        _folder.Clock.Advance(TimeSpan.FromHours(23));
        _log.Append(Batches.Sequenced(9, 1, 5), AppendOrigin.Client).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _folder.Clock.Advance(TimeSpan.FromHours(2));
        _log.Append(Batches.Sequenced(9, 0, 5), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task All_remembered_batches_are_known_after_a_clean_restart()
    {
        await CheckFiveAfter(_folder.RestartAsync);
    }

    [Fact]
    public async Task All_remembered_batches_are_known_after_a_crash()
    {
        var copy = default(LogFolder);
        await CheckFiveAfter(() => Task.FromResult((copy = _folder.CrashCopy()).Open()));
        await copy!.DisposeAsync();
    }

    [Fact]
    public async Task All_remembered_batches_are_known_after_a_crash_behind_a_checkpoint()
    {
        var copy = default(LogFolder);
        await CheckFiveAfter(() =>
        {
            _log.Checkpoint();
            _folder.Manager.WriteCheckpoints();
            return Task.FromResult((copy = _folder.CrashCopy()).Open());
        });
        await copy!.DisposeAsync();
    }

    [Fact]
    public void A_batch_that_comes_again_is_answered_with_its_first_append_time()
    {
        _log.UpdateConfig(new LogConfig { TimestampType = Kafka.Records.TimestampType.LogAppendTime });
        var first = _log.Append(Batches.Sequenced(9, 0, 0), AppendOrigin.Client);
        first.LogAppendTime.ShouldBe(_folder.Clock.Milliseconds);
        _folder.Clock.Advance(TimeSpan.FromSeconds(5));
        _log.Append(Batches.Sequenced(9, 0, 0), AppendOrigin.Client).ShouldBe(first);
    }

    [Fact]
    public void Two_connections_of_one_producer_never_reorder_its_batches()
    {
        var next = -1;
        Parallel.For(0, 4, _ =>
        {
            for (var sequence = Interlocked.Increment(ref next); sequence < 2000; sequence = Interlocked.Increment(ref next))
            {
                while (_log.Append(Batches.Sequenced(9, 0, sequence), AppendOrigin.Client).Error == ErrorCode.OutOfOrderSequenceNumber)
                {
                    Thread.Yield();
                }
            }
        });
        Batches.ReadAll(_log).Select(record => record.Value).ShouldBe(Enumerable.Range(0, 2000).Select(sequence => $"9/0/{sequence}"));
    }

    private async Task CheckFiveAfter(Func<Task<PartitionLog>> restart)
    {
        for (var sequence = 0; sequence < 12; sequence++)
        {
            _log.Append(Batches.Sequenced(9, 2, sequence), AppendOrigin.Client);
            _log.Append(Batches.Sequenced(8, 0, sequence), AppendOrigin.Client);
        }
        _log = await restart();
        for (var sequence = 7; sequence < 12; sequence++)
        {
            _log.Append(Batches.Sequenced(9, 2, sequence), AppendOrigin.Client).BaseOffset.ShouldBe(2 * sequence);
        }
        _log.Append(Batches.Sequenced(9, 2, 6), AppendOrigin.Client).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _log.Append(Batches.Sequenced(9, 2, 12), AppendOrigin.Client).BaseOffset.ShouldBe(24);
    }
}
