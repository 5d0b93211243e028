namespace Garam.Kafka.Generator.Schema;

/// <summary>The type of a field without array and null marks: a primitive by its name in the notation, or a structure.</summary>
/// <param name="Name">As written in the schema.</param>
/// <param name="CSharp">The C# type.</param>
/// <param name="Method">What follows <c>Read</c> and <c>Write</c> in the names of the primitives' methods; empty for a structure.</param>
/// <param name="Size">Bytes on the wire; 0 where they depend on the value or the structure.</param>
internal sealed record FieldType(string Name, string CSharp, string Method, int Size)
{
    private static readonly Dictionary<string, FieldType> Primitives = new FieldType[]
    {
        new("bool", "bool", "Boolean", 1),
        new("int8", "sbyte", "Int8", 1),
        new("int16", "short", "Int16", 2),
        new("uint16", "ushort", "UInt16", 2),
        new("int32", "int", "Int32", 4),
        new("uint32", "uint", "UInt32", 4),
        new("int64", "long", "Int64", 8),
        new("float64", "double", "Float64", 8),
        new("uuid", "Guid", "Uuid", 16),
        new("error", "ErrorCode", "ErrorCode", 2),
        new("string", "string", "String", 0),
        new("bytes", "ReadOnlyMemory<byte>", "Bytes", 0),
        new("records", "ReadOnlyMemory<byte>", "Records", 0),
    }.ToDictionary(type => type.Name);

    public bool IsStruct => Method.Length == 0;

    /// <summary>Strings, bytes and records: a length, then the content.</summary>
    public bool HasLength => !IsStruct && Size == 0;

    public bool IsString => Name == "string";

    public static FieldType? Primitive(string name) => Primitives.TryGetValue(name, out var type) ? type : null;

    public static FieldType Struct(string name) => new(name, name, "", 0);
}
