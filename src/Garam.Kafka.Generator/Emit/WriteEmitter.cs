using Garam.Kafka.Generator.Schema;

namespace Garam.Kafka.Generator.Emit;

/// <summary>Writes the statements that write one field of <c>this</c>.</summary>
internal sealed class WriteEmitter(CodeWriter code)
{
    public void Field(FieldSpec field, VersionScope scope)
    {
        RefuseNull(field, scope);
        if (field.IsArray)
        {
            Array(field, scope);
        }
        else if (field.Type.IsStruct && !field.Nullable.IsEmpty)
        {
            code.Line($"writer.WritePresence({field.Property} is not null);");
            code.Line($"{field.Property}?.Write(ref writer, version);");
        }
        else
        {
            code.Line(Value(field.Property, field.Type, scope));
        }
    }

    public void Tags(IReadOnlyList<FieldSpec> tagged, VersionScope scope)
    {
        if (tagged.Count == 0)
        {
            code.Line("writer.WriteUnsignedVarint(0);");
            return;
        }
        code.Line("var tags = 0u;");
        foreach (var field in tagged)
        {
            code.Open($"if ({IsPresent(field, scope)})");
            code.Line("tags++;");
            code.Close();
        }
        code.Line("writer.WriteUnsignedVarint(tags);");
        foreach (var field in tagged.OrderBy(field => field.Tag))
        {
            code.Open($"if ({IsPresent(field, scope)})");
            code.Line($"var start = writer.BeginTaggedField({field.Tag});");
            Field(field, scope.In(field.Versions));
            code.Line("writer.EndTaggedField(start);");
            code.Close();
        }
    }

    /// <summary>A null that this version cannot express is the caller's mistake, not something to put on the wire.</summary>
    private void RefuseNull(FieldSpec field, VersionScope scope)
    {
        if (field.Nullable.IsEmpty || scope.Condition(field.Nullable) is not { } allowed)
        {
            return;
        }
        code.Open($"if (!({allowed}))");
        code.Line($"ArgumentNullException.ThrowIfNull({field.Property});");
        code.Close();
    }

    private void Array(FieldSpec field, VersionScope scope)
    {
        var count = field.CanBeNull ? $"{field.Property}?.Count ?? -1" : $"{field.Property}.Count";
        code.Line($"writer.WriteArrayLength({count}, {scope.FlexibleExpression});");
        if (field.CanBeNull)
        {
            code.Open($"if ({field.Property} is not null)");
        }
        code.Open($"foreach (var item in {field.Property})");
        code.Line(Value("item", field.Type, scope));
        code.Close();
        if (field.CanBeNull)
        {
            code.Close();
        }
    }

    private static string Value(string value, FieldType type, VersionScope scope) => type switch
    {
        { IsStruct: true } => $"{value}.Write(ref writer, version);",
        { HasLength: true } => $"writer.Write{type.Method}({value}, {scope.FlexibleExpression});",
        _ => $"writer.Write{type.Method}({value});",
    };

    /// <summary>A tagged field is written only when it differs from its default.</summary>
    private static string IsPresent(FieldSpec field, VersionScope scope)
    {
        var differs = field switch
        {
            { DefaultsToNull: true } => $"{field.Property} is not null",
            { IsArray: true } => field.CanBeNull ? $"{field.Property} is not {{ Count: 0 }}" : $"{field.Property}.Count > 0",
            { Type.HasLength: true } => field.CanBeNull ? $"{field.Property} is not {{ Length: 0 }}" : $"{field.Property}.Length > 0",
            _ => $"{field.Property} != {field.Default ?? "default"}",
        };
        return scope.Condition(field.Versions) is { } condition ? $"{condition} && {differs}" : differs;
    }
}
