using Garam.Kafka;

namespace Garam.Broker.Apis;

internal static class ApiVersionsApi { public static IMessage? UnsupportedVersion(ApiTable t) => null; }
