namespace Garam.Kafka;

/// <summary>Something that can be written to the wire in the versions of its kind.</summary>
public interface IMessage
{
    /// <summary>Writes the structure; what <paramref name="version"/> does not have is left out.</summary>
    void Write(ref ProtocolWriter writer, short version);
}

/// <summary>A structure of the protocol with its own versions: a request, a response, or a record of an internal topic.</summary>
/// <typeparam name="TSelf">The structure itself.</typeparam>
public interface IMessage<TSelf> : IMessage where TSelf : IMessage<TSelf>
{
    /// <summary>The oldest version that can be read and written.</summary>
    static abstract short MinVersion { get; }

    /// <summary>The newest version that can be read and written.</summary>
    static abstract short MaxVersion { get; }

    /// <summary>Reads the structure; what <paramref name="version"/> does not have keeps its default.</summary>
    /// <exception cref="MalformedFrameException">The bytes are not such a structure.</exception>
    static abstract TSelf Read(ref ProtocolReader reader, short version);
}
