namespace Garam.Kafka.Generator.Schema;

/// <summary>One field of a structure.</summary>
/// <param name="Name">The protocol's name, in camelCase.</param>
/// <param name="Type">The field's type, or that of its elements.</param>
/// <param name="Versions">The versions that have the field.</param>
/// <param name="Line">Where it stands in the schema, from 0.</param>
internal sealed record FieldSpec(string Name, FieldType Type, VersionRange Versions, int Line)
{
    public bool IsArray { get; init; }

    /// <summary>The versions in which the field may be null.</summary>
    public VersionRange Nullable { get; init; } = VersionRange.None;

    /// <summary>The tag of a tagged field, or null when the field has its fixed place.</summary>
    public int? Tag { get; init; }

    /// <summary>The default as it stands in the schema; null when it is the type's own.</summary>
    public string? Default { get; init; }

    public string? Comment { get; init; }

    public string Property => char.ToUpperInvariant(Name[0]) + Name.Substring(1);

    /// <summary>
    /// A structure in a tagged field is absent rather than full of defaults: in C# it is null then, although the protocol knows no null for it.
    /// </summary>
    public bool IsTaggedStruct => Tag is not null && Type.IsStruct && !IsArray;

    public bool CanBeNull => !Nullable.IsEmpty || IsTaggedStruct;

    public bool DefaultsToNull => IsTaggedStruct || Default == "null" || (Type.Name == "records" && CanBeNull);
}
