using System.Text.RegularExpressions;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Apis;

/// <summary>Says which requests are served. It is made from the <see cref="ApiTable"/>, so it cannot say anything else than what is true.</summary>
/// <remarks>
/// A version that we do not know is answered in the oldest one, by <see cref="UnsupportedVersion"/> (KIP-511). No features are
/// finalized: transactions of version 2, KIP-848 and share groups are not served, and clients switch them on by what they read here.
/// </remarks>
internal sealed partial class ApiVersionsApi(Lazy<ApiTable> apis) : Api<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, 4)
{
    /// <summary>What a client of an unknown version gets, as version 0: the error, and our versions so that it can ask again.</summary>
    public static ApiVersionsResponse UnsupportedVersion(ApiTable apis) =>
        new() { ErrorCode = ErrorCode.UnsupportedVersion, ApiKeys = [Entry(apis.All.First(api => api.Key == ApiKey.ApiVersions))] };

    protected override ValueTask<ApiVersionsResponse?> HandleAsync(ApiVersionsRequest request, RequestContext context)
    {
        if (context.Version >= 3 && !(ClientSoftware().IsMatch(request.ClientSoftwareName) && ClientSoftware().IsMatch(request.ClientSoftwareVersion)))
            return new(new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest });
        return new(new ApiVersionsResponse { ApiKeys = [.. apis.Value.All.Select(Entry)] });
    }

    private static ApiVersionsResponse.ApiVersion Entry(Api api) =>
        new() { ApiKey = (short)api.Key, MinVersion = api.AdvertisedMinVersion, MaxVersion = api.MaxVersion };

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?\z")]
    private static partial Regex ClientSoftware();
}
