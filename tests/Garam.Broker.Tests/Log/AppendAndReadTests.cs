using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class AppendAndReadTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task What_is_appended_is_read_back_also_after_a_restart()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a", "b"), AppendOrigin.Client).ShouldSatisfyAllConditions(
            result => result.Error.ShouldBe(ErrorCode.None), result => result.BaseOffset.ShouldBe(0), result => result.LastOffset.ShouldBe(1), result => result.LogAppendTime.ShouldBe(-1));
        log.Append(Batches.Of("c"), AppendOrigin.Client).BaseOffset.ShouldBe(2);
        log.HighWatermark.ShouldBe(3);
        Batches.ReadAll(log).Select(record => (record.Offset, record.Value)).ShouldBe([(0, "a"), (1, "b"), (2, "c")]);

        log = await _folder.RestartAsync();
        log.LogEndOffset.ShouldBe(3);
        log.LeaderEpoch.ShouldBe(0, "a clean stop loses nothing: the epoch stays");
        log.TopicId.ShouldBe(LogFolder.TopicId);
        Batches.ReadAll(log).Select(record => record.Value).ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData(-1, ErrorCode.OffsetOutOfRange)]
    [InlineData(0, ErrorCode.None)]
    [InlineData(1, ErrorCode.None)]
    [InlineData(2, ErrorCode.OffsetOutOfRange)]
    public void A_read_outside_of_the_log_is_an_error_and_at_its_end_is_empty(long offset, ErrorCode expected)
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a"), AppendOrigin.Client);
        log.Read(offset, IsolationLevel.ReadUncommitted, new byte[1000]).Error.ShouldBe(expected);
    }

    [Fact]
    public void A_batch_larger_than_the_buffer_says_how_much_room_it_needs()
    {
        var log = _folder.Open();
        var batch = Batches.Of(new string('x', 500));
        log.Append(batch, AppendOrigin.Client);
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[100]).ShouldSatisfyAllConditions(
            result => result.Bytes.ShouldBe(0), result => result.BytesNeeded.ShouldBe(batch.Length));
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[batch.Length]).Bytes.ShouldBe(batch.Length);
    }
}
