using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Configuration;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_the_start_at_once_with_what_to_do()
    {
        using var app = TestApp.Create("localhost:9092", options =>
        {
            options.BootstrapServers = "localhost";
            options.CommitInterval = TimeSpan.Zero;
            options.Configuration["acks"] = "0";
        });
        var group = app.MapTopicGroup("billing");
        group.MapTopic("orders", (string value) => { }).WithConcurrency(0).Retry(-1, Backoff.Constant(TimeSpan.Zero));
        group.MapTopic("orders", (string value) => { });
        group.MapTopic("or ders", (string value, string other) => { }).Unless<IOException>().Transient<IOException>();
        app.MapTopicGroup("empty");

        var wrong = await Should.ThrowAsync<MessagingConfigurationException>(() => app.StartAsync());

        string[] expected =
        [
            "'localhost' is no host:port", "CommitInterval", "'acks' is not yours to set", "has 2 handlers", "WithConcurrency(0)", "Retry(-1)",
            "is no topic name", "only one of", "both .Unless and .Transient", "Group 'empty': it has no topics",
        ];
        wrong.Errors.Count.ShouldBe(expected.Length);
        expected.ShouldAllBe(part => wrong.Errors.Any(error => error.Contains(part)));
    }

    [Fact]
    public async Task A_property_that_the_client_does_not_know_is_refused()
    {
        using var app = TestApp.Create("localhost:9092", options =>
        {
            options.Configuration["no.such.property"] = "1";
        });
        (await Should.ThrowAsync<MessagingConfigurationException>(() => app.StartAsync())).Message.ShouldContain("no.such.property");
    }

    [Fact]
    public async Task A_topic_that_is_mapped_too_late_is_refused()
    {
        await using var app = TestApp.Create("localhost:9092");
        await app.StartAsync();
        Should.Throw<InvalidOperationException>(() => app.MapTopicGroup("late")).Message.ShouldContain("between Build() and Run()");
    }
}
