using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Groups;

/// <summary>Deletes a group to reset it: every broker serves that, and it fails while a member could still commit.</summary>
internal sealed class GroupAdmin(MessagingOptions options, TimeProvider time, ILogger<GroupAdmin> logger) : IGroupAdmin
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>For the coordinator to notice, beyond the session timeout, that a member has gone.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    public async Task ForgetOffsetsAsync(string group, CancellationToken cancellationToken)
    {
        // Rarely needed, so no client is kept for it.
        var log = new ClientLog(logger, time);
        using var client = new AdminClientBuilder(ClientConfiguration.ForAdmin(options))
            .SetErrorHandler((_, error) => log.Error(error))
            .SetLogHandler((_, message) => log.Message(message))
            .Build();
        var (started, isTold) = (time.GetTimestamp(), false);
        while (await TryDeleteAsync(client, group, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            if (!IsPassing(refusal.Error) || time.GetElapsedTime(started) > options.SessionTimeout + Grace)
            {
                throw new GroupAdminException(
                    $"Could not reset group '{group}': {refusal.Error.Reason} ({refusal.Error.Code}).", ClientErrors.IsTransient(refusal.Error), refusal);
            }

            if (refusal.Error.Code == ErrorCode.NonEmptyGroup && !isTold)
            {
                isTold = true;
                Log.GroupStillInUse(logger, group, options.SessionTimeout);
            }

            await Task.Delay(TryAgainAfter, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<KafkaException?> TryDeleteAsync(IAdminClient client, string group, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteGroupsAsync([group], new DeleteGroupsOptions { RequestTimeout = RequestTimeout }).WaitAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DeleteGroupsException exception)
        {
            var error = exception.Results[0].Error;
            return error.Code == ErrorCode.GroupIdNotFound ? null : new KafkaException(error, exception);
        }
        catch (KafkaException exception)
        {
            return exception;
        }
    }

    private static bool IsPassing(Error error) => error.Code is
        ErrorCode.NonEmptyGroup
        or ErrorCode.GroupCoordinatorNotAvailable
        or ErrorCode.NotCoordinatorForGroup
        or ErrorCode.GroupLoadInProgress;
}
