namespace Garam.Messaging.Endpoints;

/// <summary>The parameter is the record's key: text, bytes, or anything that parses from text.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromKeyAttribute : Attribute;

/// <summary>The parameter is the last header of this name: text, bytes, or anything that parses from text. Nullable: the header may be absent.</summary>
/// <param name="name">Name of the header, compared exactly.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromHeaderAttribute(string name) : Attribute
{
    /// <summary>Name of the header.</summary>
    public string Name { get; } = name;
}

/// <summary>The parameter is the record's value, even where its type is registered as a service.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromValueAttribute : Attribute;

/// <summary>The parameter is a service. Needed only to say so; registered types are found without it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;
