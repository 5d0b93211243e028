namespace Garam.Kafka.Generator.Schema;

/// <summary>What one schema file says.</summary>
internal sealed record SchemaFile(ApiSpec? Api, IReadOnlyList<MessageSpec> Messages);

/// <summary>The file's row in the table of APIs.</summary>
internal sealed record ApiSpec(int Key, string Name, VersionRange Versions, VersionRange Flexible);

/// <summary>Why a schema could not be understood, and where.</summary>
internal sealed class SchemaException(int line, string problem) : Exception(problem)
{
    /// <summary>The line, counted from 0.</summary>
    public int Line { get; } = line;
}
