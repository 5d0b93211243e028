namespace Garam.Messaging;

/// <summary>Finds everything that is wrong with <see cref="MessagingOptions"/>.</summary>
internal static class OptionsCheck
{
    public static IEnumerable<string> Errors(MessagingOptions options)
    {
        foreach (var server in options.BootstrapServers.Split(',', StringSplitOptions.TrimEntries).Where(server => !IsHostAndPort(server)))
        {
            yield return $"{nameof(options.BootstrapServers)}: '{server}' is not host:port. Give the brokers as host:port[,host:port...].";
        }

        foreach (var name in options.Configuration.Keys.Where(ClientConfiguration.Reserved.Contains))
        {
            yield return $"{nameof(options.Configuration)}: '{name}' cannot be overridden: Garam manages it to keep records safe, or has an option for it.";
        }

        if (options.Json is null)
        {
            yield return $"{nameof(options.Json)} is null. Leave it as it is, or give your own options.";
        }

        foreach (var error in new[]
        {
            Range(nameof(options.Linger), options.Linger, TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            Range(nameof(options.DeliveryTimeout), options.DeliveryTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Range(nameof(options.CommitInterval), options.CommitInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Range(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(2)),
            Range(nameof(options.SessionTimeout), options.SessionTimeout, TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(30)),
            Range(nameof(options.SlowHandler), options.SlowHandler, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            Range(nameof(options.MaxInFlight), options.MaxInFlight, 1, 100_000),
            Range(nameof(options.MaxInFlightBytes), options.MaxInFlightBytes, 1 << 10, 1 << 30),
            Range(nameof(options.MaxGroupInFlightBytes), options.MaxGroupInFlightBytes, 1 << 10, 1 << 30),
            Range(nameof(options.MaxUnacknowledgedBytes), options.MaxUnacknowledgedBytes, 1 << 10, 1 << 30),
        })
        {
            if (error is not null)
            {
                yield return error;
            }
        }
    }

    private static bool IsHostAndPort(string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(server.AsSpan(colon + 1), out var port) && port > 0;
    }

    private static string? Range<T>(string name, T value, T least, T most)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? $"{name} is {value}: it must be between {least} and {most}." : null;
}
