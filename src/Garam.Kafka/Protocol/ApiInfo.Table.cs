namespace Garam.Kafka;

public sealed partial record ApiInfo
{
    private static partial ApiInfo[] FromSchemas() => [new(ApiKey.ApiVersions, 0, 4, 3)];
}
