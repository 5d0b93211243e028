using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Native;
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

    [Fact]
    public void A_machine_without_the_native_library_says_exactly_what_to_do()
    {
        var missing = Should.Throw<KafkaLibraryNotFoundException>(() => KafkaLibrary.Load(["/nowhere/librdkafka.so.1", "libc.so.6"]));
        missing.Message.ShouldContain("./garam up");
        missing.Message.ShouldContain("export GARAM_LIBRDKAFKA=");
        missing.Message.ShouldContain("/nowhere/librdkafka.so.1: not there");
        missing.Message.ShouldContain("libc.so.6: version 0.0");
    }

    [Theory]
    [InlineData(null, "/home/a/.cache/garam/librdkafka-2.15.1/librdkafka.so.1")]
    [InlineData("", "/home/a/.cache/garam/librdkafka-2.15.1/librdkafka.so.1")]
    [InlineData("/var/cache", "/var/cache/garam/librdkafka-2.15.1/librdkafka.so.1")]
    public void The_built_library_is_looked_for_where_the_launcher_puts_it(string? cacheHome, string path) =>
        KafkaLibrary.CachePath(cacheHome, "/home/a").ShouldBe(path);
}
