using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Apis;

/// <summary>Changing the features of the cluster: there are none to change.</summary>
internal sealed class UpdateFeaturesApi() : Api<UpdateFeaturesRequest, UpdateFeaturesResponse>(ApiKey.UpdateFeatures, 0, 2)
{
    public override string Differences => "No features are finalized: every change gets INVALID_UPDATE_VERSION.";

    // As in Kafka one error stands for all of them, in the versions that could tell them apart, too.
    protected override ValueTask<UpdateFeaturesResponse?> HandleAsync(UpdateFeaturesRequest request, RequestContext context) => new(
        request.FeatureUpdates is [var update, ..]
            ? new UpdateFeaturesResponse { ErrorCode = ErrorCode.InvalidUpdateVersion, ErrorMessage = $"{update.Feature} is not a feature that this broker can switch." }
            : new UpdateFeaturesResponse());
}
