using Confluent.Kafka;
using Garam.Messaging.Consuming;

namespace Garam.Messaging.Tests.Consuming;

public sealed class CommitRetryTests
{
    [Theory]
    [InlineData(ErrorCode.IllegalGeneration)]
    [InlineData(ErrorCode.RebalanceInProgress)]
    public void A_commit_that_is_refused_between_two_generations_is_sent_again(ErrorCode code)
    {
        var (attempts, pauses) = (0, 0);
        CommitRetry.Run(
            () =>
            {
                if (++attempts < 3)
                {
                    throw new KafkaException(new Error(code));
                }
            },
            () => ++pauses > 0);
        (attempts, pauses).ShouldBe((3, 2));
    }

    [Theory]
    [InlineData(ErrorCode.UnknownMemberId)]
    [InlineData(ErrorCode.FencedInstanceId)]
    [InlineData(ErrorCode.Local_Transport)]
    public void A_commit_that_is_refused_for_another_reason_is_not(ErrorCode code)
    {
        var attempts = 0;
        Should.Throw<KafkaException>(() => CommitRetry.Run(() => Refuse(ref attempts, code), () => true)).Error.Code.ShouldBe(code);
        attempts.ShouldBe(1);
    }

    [Fact]
    public void It_is_given_up_when_the_member_closes_and_after_a_while()
    {
        var attempts = 0;
        Should.Throw<KafkaException>(() => CommitRetry.Run(() => Refuse(ref attempts, ErrorCode.IllegalGeneration), () => false));
        attempts.ShouldBe(1);
        Should.Throw<KafkaException>(() => CommitRetry.Run(() => Refuse(ref attempts, ErrorCode.IllegalGeneration), () => true));
        attempts.ShouldBeInRange(10, 100);
    }

    private static void Refuse(ref int attempts, ErrorCode code)
    {
        attempts++;
        throw new KafkaException(new Error(code));
    }
}
