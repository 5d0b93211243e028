using System.Globalization;
using Garam.Operations.Groups;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Garam.Operations.Tests.Groups;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Operations.Tests.Queries;

public sealed class TimeReadingTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-02-14T20:30:00Z", CultureInfo.InvariantCulture);

    private static readonly TimeZoneInfo Seoul = TimeZoneInfo.CreateCustomTimeZone("Seoul", TimeSpan.FromHours(9), "Seoul", "Seoul");

    [Theory]
    [InlineData("-5m", "2026-02-14T20:25:00Z")]
    [InlineData("-1h", "2026-02-14T19:30:00Z")]
    [InlineData("now", "2026-02-14T20:30:00Z")]
    [InlineData("today", "2026-02-14T00:00:00Z")]
    [InlineData("yesterday", "2026-02-13T00:00:00Z")]
    [InlineData("1771059600123", "2026-02-14T09:00:00.123Z")]
    [InlineData("2026-02-14", "2026-02-14T00:00:00Z")]
    [InlineData("2026-02-14T09:00", "2026-02-14T09:00:00Z")]
    [InlineData("2026-02-14 09:00:00.123", "2026-02-14T09:00:00.123Z")]
    [InlineData("2026-02-14T09:00:00.123+09:00", "2026-02-14T00:00:00.123Z")]
    public void A_time_is_read_to_the_millisecond(string text, string expected) => Utc().Parse(text).ShouldBe(At(expected));

    [Theory]
    [InlineData("today", "2026-02-14T15:00:00Z")]
    [InlineData("yesterday", "2026-02-13T15:00:00Z")]
    [InlineData("2026-02-15T05:30", "2026-02-14T20:30:00Z")]
    [InlineData("2026-02-14T09:00:00Z", "2026-02-14T09:00:00Z")]
    [InlineData("-1h", "2026-02-14T19:30:00Z")]
    public void A_time_without_a_zone_lies_in_the_zone_of_the_reader(string text, string expected) => (Utc() with { Zone = Seoul }).Parse(text).ShouldBe(At(expected));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1y")]
    [InlineData("2026-02-30")]
    [InlineData("99999999999999999")]
    [InlineData("9999-12-31T23:59:59.9999999Z.")]
    public void What_is_not_a_time_is_null(string text) => Utc().Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("-5m")]
    [InlineData("@-5m")]
    [InlineData("@today")]
    [InlineData("@1771059600123")]
    [InlineData("@2026-02-14 09:00")]
    public void Wherever_a_time_can_be_given_the_same_ones_are_taken(string text)
    {
        Should.NotThrow(() => StartOffset.Parse(text));
        Should.NotThrow(() => ResetTarget.Parse(text));
        Should.NotThrow(() => RecordQuery.Parse($"timestamp >= \"{text.TrimStart('@')}\""));
    }

    [Fact]
    public void The_last_day_of_the_calendar_has_an_end() => Should.NotThrow(() => RecordQuery.Parse("timestamp:9999-12-31"));

    private static TimeReading Utc() => TimeReading.Utc with { Clock = new FakeTimeProvider(Now) };

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
