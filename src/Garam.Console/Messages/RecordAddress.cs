using Garam.Console.Topics;
using Garam.Operations.Messages;

namespace Garam.Console.Messages;

/// <summary>Where a record is: its page, and its data.</summary>
internal static class RecordAddress
{
    public static string Of(StoredPlace place) => $"{TopicAddress.Of(place.Topic)}/{place.Partition}/{place.Offset}";

    public static string Data(StoredPlace place) => $"/api/topics/{Uri.EscapeDataString(place.Topic)}/{place.Partition}/{place.Offset}";
}
