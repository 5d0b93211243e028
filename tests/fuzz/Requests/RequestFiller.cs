using System.Collections;
using System.Reflection;
using System.Text;
using Garam.Broker.Configuration;
using Garam.Fuzz.Batches;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Fuzz.Requests;

/// <summary>Fills a request of any type with values that make sense to this broker: a field's name says what belongs there.</summary>
internal sealed class RequestFiller(Random random, FuzzBroker broker, KnownValues known, BatchSeeds batches)
{
    private static readonly string[] Groups = ["group", "workers", "tail", ""];
    private static readonly string[] OddTopics = ["missing", "__consumer_offsets", "", "bad name!", "new-topic", new('x', 249), new('x', 250)];
    private static readonly string[] ConfigValues = ["1", "1000", "-1", "delete", "compact", "compact,delete", "gzip", "LogAppendTime", "true", "", "99999999999999999999"];
    private static readonly string[] ConfigNames = [.. TopicConfigs.All.Select(config => config.Name), "max.connections", "no.such.config"];

    private static readonly long[] Edges = [sbyte.MinValue, sbyte.MaxValue, short.MinValue, short.MaxValue, int.MinValue, int.MaxValue, long.MinValue, long.MaxValue];

    public object Fill(Type type)
    {
        var message = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // What is null or default is worth a try, too.
            if (random.Next(10) != 0) property.SetValue(message, Value(property, property.PropertyType));
        }
        return message;
    }

    private object? Value(PropertyInfo property, Type type) => type switch
    {
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(sbyte) => (sbyte)Number(property),
        _ when type == typeof(short) => (short)Number(property),
        _ when type == typeof(ushort) => (ushort)Number(property),
        _ when type == typeof(int) => (int)Number(property),
        _ when type == typeof(uint) => (uint)Number(property),
        _ when type == typeof(long) => Number(property),
        _ when type == typeof(double) => random.NextDouble(),
        _ when type == typeof(ErrorCode) => (ErrorCode)random.Next(-1, 134),
        _ when type == typeof(Guid) => Id(),
        _ when type == typeof(string) => Text(property),
        _ when type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlyMemory<byte>?) => new ReadOnlyMemory<byte>(Bytes(property.Name)),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) => Items(property, type),
        _ => Fill(type),
    };

    private IList Items(PropertyInfo property, Type type)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        for (var left = random.Next(4); left > 0; left--) list.Add(Value(property, type.GetGenericArguments()[0]));
        return list;
    }

    private long Number(PropertyInfo property) => random.Next(30) == 0 ? Edges[random.Next(Edges.Length)] : property.Name switch
    {
        "Acks" => random.Next(-1, 2),
        "ReplicationFactor" => random.Next(3) - 1,
        "NumPartitions" or "Count" => random.Next(-1, 5),
        "SessionTimeoutMs" or "RebalanceTimeoutMs" => random.Next(6_000, 60_000),
        "SessionId" => known.SessionId,
        "SessionEpoch" => random.Next(-1, 4),
        "ProducerId" => known.ProducerId,
        "GenerationId" or "GenerationIdOrMemberEpoch" or "MemberEpoch" => random.Next(-1, 4),
        "MaxWaitMs" => random.Next(3) * 100,
        "MinBytes" => random.Next(3) * 500,
        "MaxBytes" or "PartitionMaxBytes" => random.Next(4) switch { 0 => 0, 1 => 1, 2 => 1000, _ => 1 << 20 },
        "Timestamp" => random.Next(2) == 0 ? random.Next(-7, 1) : broker.Time.GetUtcNow().ToUnixTimeMilliseconds() - random.Next(1000),
        "ResourceType" => random.Next(2) == 0 ? 2 : random.Next(34),
        "ConfigOperation" => random.Next(5) - 1,
        _ => random.Next(8) == 0 ? random.Next(-2, 200) : random.Next(-1, 4),
    };

    private Guid Id() => random.Next(8) == 0 ? Guid.Empty : broker.TopicIds[random.Next(broker.TopicIds.Count)];

    private string? Text(PropertyInfo property)
    {
        var owner = property.DeclaringType!.Name;
        return property.Name switch
        {
            "Name" when owner.Contains("Config") => Any(ConfigNames),
            "ConfigurationKeys" => Any(ConfigNames),
            "Value" => Any(ConfigValues),
            "Name" when owner.Contains("Protocol") => random.Next(3) == 0 ? "roundrobin" : "range",
            "ProtocolName" => "range",
            "ProtocolType" => "consumer",
            "GroupId" or "GroupsNames" or "Groups" or "Key" or "CoordinatorKeys" => Any(Groups),
            "MemberId" => known.MemberId,
            "GroupInstanceId" => random.Next(2) == 0 ? null : $"static-{random.Next(3)}",
            "TransactionalId" => random.Next(12) == 0 ? "transactions" : null,
            "Name" or "Topic" or "TopicName" or "TopicNames" or "Topics" or "ResourceName" => random.Next(8) == 0 ? Any(OddTopics) : Any(FuzzBroker.Topics),
            _ => random.Next(4) == 0 ? "" : $"text {random.Next(100)}",
        };
    }

    private byte[] Bytes(string name) => name switch
    {
        "Records" => batches.Good(),
        "Metadata" => Subscription(),
        _ => Encoding.UTF8.GetBytes($"bytes {random.Next(100)}"),
    };

    private static byte[] Subscription()
    {
        var writer = new ProtocolWriter(64);
        try
        {
            writer.WriteInt16(0);
            new ConsumerProtocolSubscription { Topics = [.. FuzzBroker.Topics] }.Write(ref writer, 0);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private string Any(string[] choices) => choices[random.Next(choices.Length)];
}
