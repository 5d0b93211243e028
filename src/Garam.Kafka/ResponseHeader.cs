namespace Garam.Kafka;

/// <summary>What stands before the body of every response: the correlation id, and in flexible versions an empty list of tagged fields.</summary>
public readonly record struct ResponseHeader(int CorrelationId)
{
    /// <summary>Reads the header of an answer to a request of this kind and version.</summary>
    public static ResponseHeader Read(ref ProtocolReader reader, ApiKey api, short version)
    {
        var header = new ResponseHeader(reader.ReadInt32());
        if (HasTags(api, version))
        {
            reader.SkipTaggedFields();
        }
        return header;
    }

    /// <summary>Writes the header of an answer to a request of this kind and version.</summary>
    public void Write(ref ProtocolWriter writer, ApiKey api, short version)
    {
        writer.WriteInt32(CorrelationId);
        if (HasTags(api, version))
        {
            writer.WriteUnsignedVarint(0);
        }
    }

    /// <summary>
    /// ApiVersions is answered with the oldest header whatever its version: the client does not know yet what the broker speaks (KIP-511).
    /// </summary>
    private static bool HasTags(ApiKey api, short version) =>
        api != ApiKey.ApiVersions && ApiInfo.For(api) is { } info && info.IsFlexible(version);
}
