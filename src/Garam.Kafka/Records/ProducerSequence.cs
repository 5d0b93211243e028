namespace Garam.Kafka.Records;

/// <summary>Sequence numbers of idempotent producers: after 2,147,483,647 comes 0.</summary>
public static class ProducerSequence
{
    /// <summary>The sequence that is <paramref name="count"/> (not negative) records after <paramref name="sequence"/>.</summary>
    public static int Add(int sequence, int count) => (int)(((long)sequence + count) & int.MaxValue);

    public static int Next(int sequence) => Add(sequence, 1);
}
