namespace Garam.Kafka;

/// <summary>What stands before the body of every request.</summary>
/// <param name="Api">The request's kind; may be a number that <see cref="ApiKey"/> does not name.</param>
/// <param name="Version">The version in which the body is written and the answer is expected.</param>
/// <param name="CorrelationId">The client's number for the request; goes back unchanged with the answer.</param>
/// <param name="ClientId">What the client calls itself, or null.</param>
public readonly record struct RequestHeader(ApiKey Api, short Version, int CorrelationId, string? ClientId)
{
    /// <summary>
    /// Reads the header up to the body. When the request's kind or version is not known here, so neither is what follows the client id: the reader
    /// then stands behind the client id.
    /// </summary>
    public static RequestHeader Read(ref ProtocolReader reader)
    {
        var api = (ApiKey)reader.ReadInt16();
        var version = reader.ReadInt16();
        var correlationId = reader.ReadInt32();
        // Never compact, not even in a flexible header (KIP-482): a broker must be able to read it before it knows the version.
        var clientId = reader.ReadNullableString(flexible: false);
        if (ApiInfo.For(api) is { } info && info.Serves(version) && info.IsFlexible(version))
        {
            reader.SkipTaggedFields();
        }
        return new RequestHeader(api, version, correlationId, clientId);
    }

    /// <summary>Writes the header as a client does.</summary>
    public void Write(ref ProtocolWriter writer)
    {
        writer.WriteInt16((short)Api);
        writer.WriteInt16(Version);
        writer.WriteInt32(CorrelationId);
        writer.WriteString(ClientId, flexible: false);
        if (ApiInfo.For(Api) is { } info && info.IsFlexible(Version))
        {
            writer.WriteUnsignedVarint(0);
        }
    }
}
