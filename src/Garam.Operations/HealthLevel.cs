using System.Text.Json.Serialization;

namespace Garam.Operations;

/// <summary>How serious something is. The order is that of seriousness.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthLevel>))]
public enum HealthLevel
{
    /// <summary>Not known, or nothing to judge.</summary>
    Idle,

    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Somebody should look at it.</summary>
    Warn,

    /// <summary>Something does not work.</summary>
    Bad,
}
