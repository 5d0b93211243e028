namespace Garam.Kafka.Records;

/// <summary>Why a batch is refused. Only bad batches pay for one.</summary>
/// <param name="Error">The code that the producer gets.</param>
/// <param name="Message">For a person: what is wrong and what would be right.</param>
/// <param name="Records">The records at fault, at most <see cref="MaxRecords"/>; empty when the batch as a whole is.</param>
public sealed record RecordBatchFault(ErrorCode Error, string Message, IReadOnlyList<RecordFault> Records)
{
    /// <summary>An answer never grows with the number of bad records in a request.</summary>
    public const int MaxRecords = 100;

    internal static RecordBatchFault Of(ErrorCode error, string message) => new(error, message, []);
}

/// <summary>One record at fault.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Message">What is wrong with it.</param>
public readonly record struct RecordFault(int Index, string Message);
