using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Topics;

public sealed class ConfigUnitsTests
{
    [Theory]
    [InlineData("retention.ms", "7d", "604800000")]
    [InlineData("retention.ms", "1.5h", "5400000")]
    [InlineData("retention.ms", "30 min", "1800000")]
    [InlineData("segment.bytes", "1GiB", "1073741824")]
    [InlineData("segment.bytes", "512 mib", "536870912")]
    [InlineData("max.message.bytes", "1MB", "1000000")]
    public void A_unit_becomes_the_number_that_Kafka_takes(string config, string value, string plain) => ConfigUnits.Plain(config, value).ShouldBe(plain);

    [Theory]
    [InlineData("retention.ms", "-1")]
    [InlineData("retention.ms", "604800000")]
    [InlineData("retention.ms", "1GiB")]
    [InlineData("retention.ms", "soon")]
    [InlineData("retention.ms", "1.0001s")]
    [InlineData("retention.ms", "999999999999999w")]
    [InlineData("segment.bytes", "7d")]
    [InlineData("flush.messages", "7d")]
    [InlineData("cleanup.policy", "compact")]
    public void What_has_no_unit_that_fits_is_left_to_the_broker(string config, string value) => ConfigUnits.Plain(config, value).ShouldBe(value);
}
