namespace Garam.Content.Search;

/// <summary>A keyword that cannot be searched for. The message says what to send instead.</summary>
internal sealed class InvalidKeywordException(string message) : FormatException(message);
