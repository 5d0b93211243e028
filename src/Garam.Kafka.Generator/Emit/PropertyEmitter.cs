using Garam.Kafka.Generator.Schema;

namespace Garam.Kafka.Generator.Emit;

/// <summary>Writes the property of one field, with what the schema says about it.</summary>
internal static class PropertyEmitter
{
    public static void Property(CodeWriter code, FieldSpec field, VersionRange surrounding)
    {
        if (Summary(field, surrounding) is { Length: > 0 } summary)
        {
            code.Line($"/// <summary>{summary}</summary>");
        }
        code.Line($"public {Type(field)} {field.Property} {{ get; set; }}{Initializer(field)}");
        code.Line();
    }

    private static string Summary(FieldSpec field, VersionRange surrounding)
    {
        var versions = field.Versions == surrounding ? ""
            : field.Versions.First == field.Versions.Last ? $"Version {field.Versions.First}."
            : $"Versions {field.Versions.First} to {field.Versions.Last}.";
        return $"{Xml.Escape(field.Comment ?? "")} {versions}".Trim();
    }

    private static string Type(FieldSpec field) =>
        (field.IsArray ? $"List<{field.Type.CSharp}>" : field.Type.CSharp) + (field.CanBeNull ? "?" : "");

    private static string Initializer(FieldSpec field) => field switch
    {
        { DefaultsToNull: true } => "",
        { IsArray: true } => " = [];",
        { Type.IsString: true } => " = \"\";",
        { Type.IsStruct: true } => " = new();",
        { Type.HasLength: true } => field.CanBeNull ? " = ReadOnlyMemory<byte>.Empty;" : "",
        { Default: { } value } => $" = {value};",
        _ => "",
    };
}
