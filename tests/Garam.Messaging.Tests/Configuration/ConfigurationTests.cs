using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
            "'localhost' is not host:port", "CommitInterval", "'acks' cannot be overridden", "has 2 handlers", "WithConcurrency(0)", "Retry(-1)",
            "is not a valid topic name", "only one of", "both .Unless and .Transient", "Group 'empty': it has no topics",
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
    public void Messaging_that_is_added_twice_is_one_whose_options_both_have_set()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var services = builder.Services;
        services.AddMessaging(options => (options.BootstrapServers, options.ClientId) = ("localhost:9092", "first"));
        services.AddMessaging(options => options.ClientId = "second");
        services.Configure<MessagingOptions>(options => options.MaxInFlight = 7);
        using var host = builder.Build();
        var provider = host.Services;

        var options = provider.GetRequiredService<MessagingOptions>();
        (options.BootstrapServers, options.ClientId, options.MaxInFlight).ShouldBe(("localhost:9092", "second", 7));
        foreach (var type in new[] { typeof(IRecordProducer), typeof(ITopicAdmin), typeof(MessagingHealth), typeof(IHostedService), typeof(TopicGroups) })
        {
            provider.GetServices(type).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task A_service_that_the_container_cannot_construct_is_said_at_the_start()
    {
        await using var app = TestApp.Create("localhost:9092", services: services => services.AddScoped<Incomplete>());
        app.Map("billing", "orders", (string value, Incomplete incomplete) => { });
        (await Should.ThrowAsync<MessagingConfigurationException>(() => app.StartAsync())).Message.ShouldContain("'Incomplete incomplete' cannot be constructed");
    }

    private sealed class Incomplete(IDisposable missing)
    {
        public IDisposable Missing => missing;
    }
}
