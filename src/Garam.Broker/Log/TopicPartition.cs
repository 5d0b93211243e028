namespace Garam.Broker.Log;

/// <summary>A partition by its name; its directory is called the same.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}-{Partition}";
}
