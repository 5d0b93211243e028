namespace Garam.Broker.Resources;

/// <summary>A file could not be opened, so that nothing was read, written or synced: trying again later is safe, as it is not after a failed sync.</summary>
internal sealed class FileOpenException(string path, Exception failure) : IOException($"cannot open '{path}': {failure.Message}", failure);
