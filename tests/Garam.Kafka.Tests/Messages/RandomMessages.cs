using System.Collections;
using System.Reflection;
using System.Text;

namespace Garam.Kafka.Tests.Messages;

/// <summary>Fills messages of any type with values that a seed decides, nulls and empty lists among them.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly Random _random = new(seed);

    public object Create(Type type)
    {
        var message = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            property.SetValue(message, CanBeNull(property) && _random.Next(4) == 0 ? null : Value(property.PropertyType));
        }
        return message;
    }

    private static bool CanBeNull(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }

    private object Value(Type type) => type switch
    {
        _ when type == typeof(bool) => _random.Next(2) == 0,
        _ when type == typeof(sbyte) => (sbyte)_random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        _ when type == typeof(short) => (short)_random.Next(short.MinValue, short.MaxValue + 1),
        _ when type == typeof(ushort) => (ushort)_random.Next(ushort.MaxValue + 1),
        _ when type == typeof(int) => _random.Next(),
        _ when type == typeof(uint) => (uint)_random.Next(),
        _ when type == typeof(long) => _random.NextInt64(long.MinValue, long.MaxValue),
        _ when type == typeof(double) => _random.NextDouble(),
        _ when type == typeof(ErrorCode) => (ErrorCode)_random.Next(-1, 134),
        _ when type == typeof(Guid) => NextGuid(),
        _ when type == typeof(string) => NextString(),
        _ when type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlyMemory<byte>?) => new ReadOnlyMemory<byte>(NextBytes(_random.Next(300))),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) => NextList(type),
        _ => Create(type),
    };

    private object NextList(Type type)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        for (var left = _random.Next(4); left > 0; left--)
        {
            list.Add(Value(type.GetGenericArguments()[0]));
        }
        return list;
    }

    private Guid NextGuid() => new(NextBytes(16));

    private string NextString()
    {
        var text = new StringBuilder();
        for (var left = _random.Next(12); left > 0; left--)
        {
            text.Append(_random.Next(3) switch
            {
                0 => new Rune(_random.Next(' ', '~')),
                1 => new Rune(_random.Next(0xAC00, 0xD7A3)),
                _ => new Rune(_random.Next(0x1F300, 0x1F5FF)),
            });
        }
        return text.ToString();
    }

    private byte[] NextBytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
