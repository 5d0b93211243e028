namespace Garam.Kafka.Generator.Schema;

/// <summary>A structure: the body of a message, or one that is nested in it.</summary>
internal sealed record StructSpec(string Name, VersionRange Versions, IReadOnlyList<FieldSpec> Fields);
