using System.Reflection;

namespace Garam.Kafka.Tests.Messages;

/// <summary>A generated message whose type is known only at run time: what tests need to treat all of them alike.</summary>
internal abstract class MessageType
{
    public static IReadOnlyList<MessageType> All { get; } = [.. typeof(IMessage<>).Assembly.GetTypes()
        .Where(type => type.GetInterfaces().Any(IsMessage))
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (MessageType)Activator.CreateInstance(typeof(MessageType<>).MakeGenericType(type))!)];

    public abstract string Name { get; }

    public abstract short MinVersion { get; }

    public abstract short MaxVersion { get; }

    public abstract Type ClrType { get; }

    public abstract object Read(byte[] bytes, short version);

    public abstract byte[] Write(object message, short version);

    public static MessageType Named(string name) => All.Single(type => type.Name == name);

    public IEnumerable<short> Versions() => Enumerable.Range(MinVersion, MaxVersion - MinVersion + 1).Select(version => (short)version);

    private static bool IsMessage(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IMessage<>);
}

internal sealed class MessageType<T> : MessageType where T : IMessage<T>
{
    public override string Name => typeof(T).Name;

    public override short MinVersion => T.MinVersion;

    public override short MaxVersion => T.MaxVersion;

    public override Type ClrType => typeof(T);

    public override object Read(byte[] bytes, short version)
    {
        var reader = new ProtocolReader(bytes);
        var message = T.Read(ref reader, version);
        reader.EnsureEnd();
        return message;
    }

    public override byte[] Write(object message, short version)
    {
        var writer = new ProtocolWriter(16);
        try
        {
            ((T)message).Write(ref writer, version);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }
}
