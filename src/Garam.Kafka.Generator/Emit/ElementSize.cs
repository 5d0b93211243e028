using Garam.Kafka.Generator.Schema;

namespace Garam.Kafka.Generator.Emit;

/// <summary>
/// The fewest bytes that a value can take. A reader compares an array's count with the bytes that are left divided by this, before it
/// believes the count.
/// </summary>
internal sealed class ElementSize(MessageSpec message)
{
    public int Of(FieldType type, VersionScope scope) => type.IsStruct
        ? Versions(scope).Min(version => OfStruct(type.Name, version, message.Flexible.Contains(version)))
        : OfPrimitive(type, scope.IsEverFlexible);

    private static IEnumerable<int> Versions(VersionScope scope) =>
        Enumerable.Range(scope.Versions.First, scope.Versions.Last - scope.Versions.First + 1);

    private int OfStruct(string name, int version, bool flexible)
    {
        var tagCount = flexible ? 1 : 0;
        var fields = message.Structs.First(other => other.Name == name).Fields
            .Where(field => field.Tag is null && field.Versions.Contains(version));
        return Math.Max(1, tagCount + fields.Sum(field => OfField(field, version, flexible)));
    }

    private int OfField(FieldSpec field, int version, bool flexible)
    {
        if (field.IsArray)
        {
            return flexible ? 1 : 4;
        }
        return field.Type.IsStruct
            ? field.CanBeNull ? 1 : OfStruct(field.Type.Name, version, flexible)
            : OfPrimitive(field.Type, flexible);
    }

    private static int OfPrimitive(FieldType type, bool flexible) =>
        !type.HasLength ? type.Size : flexible ? 1 : type.IsString ? 2 : 4;
}
