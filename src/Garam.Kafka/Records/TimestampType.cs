namespace Garam.Kafka.Records;

/// <summary>Whose clock a batch's timestamps come from.</summary>
public enum TimestampType
{
    /// <summary>The producer's: each record keeps its own.</summary>
    CreateTime = 0,

    /// <summary>The broker's: the maximum timestamp of the batch stands for every record in it.</summary>
    LogAppendTime = 1,
}
