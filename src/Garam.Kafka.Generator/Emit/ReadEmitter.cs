using Garam.Kafka.Generator.Schema;

namespace Garam.Kafka.Generator.Emit;

/// <summary>Writes the statements that read one field into <c>message</c>.</summary>
internal sealed class ReadEmitter(CodeWriter code, ElementSize sizes)
{
    public void Field(FieldSpec field, VersionScope scope)
    {
        if (!field.IsArray)
        {
            code.Line($"message.{field.Property} = {Value(field, scope)};");
        }
        else if (field.CanBeNull)
        {
            NullableArray(field, scope);
        }
        else
        {
            code.Open($"for (var left = {Length("ReadArrayLength", field, scope)}; left > 0; left--)");
            code.Line($"message.{field.Property}.Add({Element(field, scope)});");
            code.Close();
        }
    }

    public void Tags(IReadOnlyList<FieldSpec> tagged, VersionScope scope)
    {
        if (tagged.Count == 0)
        {
            code.Line("reader.SkipTaggedFields();");
            return;
        }
        code.Open("for (var tagsLeft = reader.ReadTagCount(); tagsLeft > 0; tagsLeft--)");
        code.Open("switch (reader.BeginTaggedField(out var end))");
        foreach (var field in tagged)
        {
            var condition = scope.Condition(field.Versions);
            code.Open($"case {field.Tag}{(condition is null ? "" : " when " + condition)}:");
            Field(field, scope.In(field.Versions));
            code.Line("break;");
            code.Close();
        }
        code.Line("default: reader.SkipTaggedField(end); break;");
        code.Close();
        code.Line("reader.EndTaggedField(end);");
        code.Close();
    }

    private void NullableArray(FieldSpec field, VersionScope scope)
    {
        var left = field.Name + "Left";
        var nullable = Length("ReadNullableArrayLength", field, scope);
        var condition = scope.Condition(field.Nullable);
        var length = condition is null ? nullable : $"{condition} ? {nullable} : {Length("ReadArrayLength", field, scope)}";
        code.Line($"var {left} = {length};");
        code.Line($"message.{field.Property} = {left} < 0 ? null : [];");
        code.Open($"for (; {left} > 0; {left}--)");
        code.Line($"message.{field.Property}!.Add({Element(field, scope)});");
        code.Close();
    }

    private string Length(string method, FieldSpec field, VersionScope scope) =>
        $"reader.{method}({scope.FlexibleExpression}, elementSize: {sizes.Of(field.Type, scope)})";

    private static string Element(FieldSpec field, VersionScope scope) => field.Type.IsStruct
        ? $"{field.Type.Name}.Read(ref reader, version)"
        : field.Type.HasLength ? Sized("Read", field, scope) : $"reader.Read{field.Type.Method}()";

    private static string Value(FieldSpec field, VersionScope scope)
    {
        if (field.Nullable.IsEmpty)
        {
            return Element(field, scope);
        }
        var nullable = field.Type.IsStruct
            ? $"reader.ReadPresence() ? {field.Type.Name}.Read(ref reader, version) : null"
            : Sized("ReadNullable", field, scope);
        var condition = scope.Condition(field.Nullable);
        return condition is null ? nullable : $"{condition} ? {nullable} : {Element(field, scope)}";
    }

    /// <summary>Records are read as bytes: a slice of the frame.</summary>
    private static string Sized(string verb, FieldSpec field, VersionScope scope) =>
        $"reader.{verb}{(field.Type.IsString ? "String" : "Bytes")}({scope.FlexibleExpression})";
}
