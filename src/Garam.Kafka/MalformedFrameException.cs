namespace Garam.Kafka;

/// <summary>
/// The bytes of a frame are not what the protocol allows at that place. The frame is the peer's, so the connection it came from
/// cannot be trusted to be in step any more: close it.
/// </summary>
public sealed class MalformedFrameException(string message) : Exception(message);
