namespace Garam.Content.Inspection;

/// <summary>A record contradicts itself or names what does not exist: trying again cannot help.</summary>
internal sealed class InvalidMessageException(string message) : Exception(message);
