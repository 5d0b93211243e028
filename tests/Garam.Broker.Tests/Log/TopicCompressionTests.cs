using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Log;

/// <summary><c>compression.type</c>: what the broker makes of batches that came in another compression.</summary>
public sealed class TopicCompressionTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();

    public static TheoryData<CompressionType, CompressionType> Pairs
    {
        get
        {
            var pairs = new TheoryData<CompressionType, CompressionType>();
            foreach (var from in Enum.GetValues<CompressionType>())
            {
                foreach (var to in Enum.GetValues<CompressionType>())
                {
                    pairs.Add(from, to);
                }
            }
            return pairs;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory, MemberData(nameof(Pairs))]
    public void A_batch_is_stored_in_the_compression_of_the_topic_with_the_same_records(CompressionType sent, CompressionType kept)
    {
        var log = Open(kept, sent);
        var batch = Compressed(Batches.Sequenced(5, 1, 7, 40), sent);
        var original = batch.ToArray();
        log.Append(batch, AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);

        var stored = File.ReadAllBytes(log.Segments[0].File.Path);
        RecordBatchHeader.Read(stored).Attributes.Compression.ShouldBe(kept);
        if (sent == kept)
        {
            stored.AsSpan(16).SequenceEqual(original.AsSpan(16)).ShouldBeTrue("what is right already is not touched");
        }
        RecordBatch.TryRead(stored, out var whole).ShouldBeTrue();
        whole.HasValidCrc.ShouldBeTrue();
        Compressed(stored, CompressionType.None).AsSpan(61).SequenceEqual(Batches.Sequenced(5, 1, 7, 40).AsSpan(61)).ShouldBeTrue();
        (whole.Header.ProducerId, whole.Header.ProducerEpoch, whole.Header.BaseSequence, whole.Header.RecordCount).ShouldBe((5, (short)1, 7, 40));
    }

    [Fact]
    public void A_batch_that_comes_again_is_recognised_when_it_was_stored_in_another_compression()
    {
        var log = Open(CompressionType.Gzip, CompressionType.Snappy);
        log.Append(Batches.Sequenced(9, 0, 0, 10), AppendOrigin.Client).BaseOffset.ShouldBe(0);
        log.Append(Batches.Sequenced(9, 0, 10, 10), AppendOrigin.Client).BaseOffset.ShouldBe(10);
        log.Append(Compressed(Batches.Sequenced(9, 0, 0, 10), CompressionType.Snappy), AppendOrigin.Client).BaseOffset.ShouldBe(0);
        log.LogEndOffset.ShouldBe(20);
    }

    [Fact]
    public void The_brokers_time_and_the_topics_compression_go_together()
    {
        _folder.Config = new LogConfig { TimestampType = TimestampType.LogAppendTime, Compression = new LogCompression(CompressionType.Gzip) };
        var log = _folder.Open();
        log.Append(Batches.Of("a", "b"), AppendOrigin.Client).LogAppendTime.ShouldBe(_folder.Clock.Milliseconds);
        RecordBatch.TryRead(File.ReadAllBytes(log.Segments[0].File.Path), out var batch).ShouldBeTrue();
        batch.HasValidCrc.ShouldBeTrue();
        (batch.Header.Attributes.TimestampType, batch.Header.MaxTimestamp).ShouldBe((TimestampType.LogAppendTime, _folder.Clock.Milliseconds));
    }

    [Fact]
    public void Sizes_are_judged_as_they_came_and_again_as_they_are_stored()
    {
        _folder.Config = new LogConfig { MaxMessageBytes = 5_000, Compression = new LogCompression(CompressionType.None) };
        var log = _folder.Open();
        var large = Batches.Of(new string('a', 10_000));
        var small = Compressed(large, CompressionType.Gzip);
        small.Length.ShouldBeLessThan(1_000);
        log.Append(small, AppendOrigin.Client).Error.ShouldBe(ErrorCode.MessageTooLarge, "it would be stored with more");
        log.UpdateConfig(_folder.Config with { Compression = new LogCompression(CompressionType.Gzip) });
        log.Append(large, AppendOrigin.Client).Error.ShouldBe(ErrorCode.MessageTooLarge, "it was sent with more, as in Kafka");
        log.UpdateConfig(_folder.Config with { MaxMessageBytes = 100_000, SegmentBytes = 5_000 });
        log.Append(Compressed(large, CompressionType.Gzip), AppendOrigin.Client).Error.ShouldBe(ErrorCode.RecordListTooLarge);
        log.LogEndOffset.ShouldBe(0);
    }

    private PartitionLog Open(CompressionType kept, CompressionType sent)
    {
        _folder.Config = new LogConfig { Compression = new LogCompression(kept) };
        return _folder.Open();
    }

    private static byte[] Compressed(byte[] batch, CompressionType compression)
    {
        RecordBatch.TryRead(batch, out var read).ShouldBeTrue();
        using var compressed = RecordCompression.Recompress(read, compression);
        return compressed.Bytes.ToArray();
    }
}
