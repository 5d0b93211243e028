using System.Diagnostics;
using System.Diagnostics.Metrics;
using Garam.Background;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Telemetry;
using Garam.Messaging.Tests.Brokers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Messaging.Tests.Telemetry;

public sealed class ListenerTests
{
    private readonly BackgroundWork _work = new(NullLogger.Instance);

    [Fact]
    public void A_listener_to_metrics_that_throws_is_a_problem_until_it_does_not_and_nothing_else()
    {
        var group = TestKafka.NewName("listeners");
        var endpoint = new TopicGroup(group).MapTopic("orders", (string value) => { });
        using var telemetry = new MessagingTelemetry();
        var observers = new EndpointObservers(endpoint, telemetry, _work);
        var throws = true;
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => own.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (throws && tags.ToArray().Any(tag => Equals(tag.Value, group)))
            {
                throw new InvalidOperationException("the exporter");
            }
        });
        listener.Start();

        observers.Ended(null, Stopwatch.GetTimestamp(), failure: null);
        _work.Problems.ShouldHaveSingleItem().Message.ShouldContain("the exporter");
        throws = false;
        observers.Ended(null, Stopwatch.GetTimestamp(), failure: null);
        _work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_logger_that_throws_is_a_problem_until_it_does_not_and_nothing_else()
    {
        var inner = new FailingLogger { Fails = true };
        var logger = new GuardedLogger(inner, _work);
        Log.GroupStopped(logger, "billing");
        _work.Problems.ShouldHaveSingleItem().Message.ShouldContain("the disk is full");
        inner.Fails = false;
        Log.GroupStopped(logger, "billing");
        _work.Problems.ShouldBeEmpty();
    }

    private sealed class FailingLogger : ILogger
    {
        public bool Fails { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Fails)
            {
                throw new IOException("the disk is full");
            }
        }
    }
}
