using Garam.Broker.Configuration;
using Garam.Broker.Log;
using Garam.Broker.Timers;
using Garam.Broker.Topics;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Apis;

/// <summary>The parts of the broker that handlers work with.</summary>
internal sealed record BrokerServices(
    BrokerConfig Config, LogManager Logs, TopicStore Topics, TimerQueue Timers, TimeProvider Time, ILoggerFactory LoggerFactory);
