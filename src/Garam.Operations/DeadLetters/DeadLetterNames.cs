namespace Garam.Operations.DeadLetters;

/// <summary>
/// By its name a topic is known to hold dead letters: <c>orders.billing.dlt</c> as we write it, <c>orders-dlt</c> and <c>orders.DLT</c> as Spring does,
/// <c>orders-dlq</c> and <c>dlq-orders</c> as connectors are told to. To read each topic's headers instead would be to read everything.
/// </summary>
internal static class DeadLetterNames
{
    private static readonly string[] Words = ["dlt", "dlq", "dead-letter", "dead-letters", "deadletter", "deadletters"];

    public static bool IsOne(string topic) => Array.Exists(Words, word => EndsWith(topic, word) || BeginsWith(topic, word));

    private static bool EndsWith(string topic, string word) =>
        topic.Length > word.Length + 1 && topic.EndsWith(word, StringComparison.OrdinalIgnoreCase) && IsSeparator(topic[^(word.Length + 1)]);

    private static bool BeginsWith(string topic, string word) =>
        topic.Length > word.Length + 1 && topic.StartsWith(word, StringComparison.OrdinalIgnoreCase) && IsSeparator(topic[word.Length]);

    private static bool IsSeparator(char letter) => letter is '.' or '-' or '_';
}
