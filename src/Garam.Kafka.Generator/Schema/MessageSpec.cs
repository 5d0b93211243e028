namespace Garam.Kafka.Generator.Schema;

/// <summary>A request, a response or a stored record: one generated class with the structures of its fields nested in it.</summary>
internal sealed record MessageSpec(
    string Name, string Summary, VersionRange Versions, VersionRange Flexible, StructSpec Body, IReadOnlyList<StructSpec> Structs);
