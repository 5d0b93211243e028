using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Garam.Conformance.Differential;

/// <summary>What a broker answered, as text that can be compared with another broker's. What must differ is left out: ids, addresses, wordings.</summary>
internal sealed class Transcript
{
    private static readonly HashSet<string> Incomparable =
    [
        "ThrottleTimeMs", "ErrorMessage", "BatchIndexErrorMessage", "ClusterId", "TopicId", "NodeId", "BrokerId", "LeaderId", "ControllerId",
        "Host", "Port", "Brokers", "NodeEndpoints", "Coordinators", "ReplicaNodes", "IsrNodes", "OfflineReplicas", "ProducerId", "LogAppendTimeMs",
        "FinalizedFeatures", "SupportedFeatures", "FinalizedFeaturesEpoch", "CommitTimestamp",
    ];

    private readonly StringBuilder _text = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Fails with the lines that differ, and only those.</summary>
    public static void ShouldBeSame(IReadOnlyList<string> expected, IReadOnlyList<string> answered)
    {
        expected.ShouldNotBeEmpty();
        var differences = expected.Zip(answered)
            .Where(lines => lines.First != lines.Second)
            .Select(lines => $"Apache Kafka: {lines.First}\nGaram:        {lines.Second}\n");
        string.Join('\n', differences).ShouldBeEmpty();
        answered.Count.ShouldBe(expected.Count);
    }

    public void Add(string what, object? answer)
    {
        _text.Clear().Append(what).Append(": ");
        Append(answer);
        _lines.Add(_text.ToString());
    }

    private void Append(object? value)
    {
        switch (value)
        {
            case null:
                _text.Append("null");
                break;
            case string text:
                _text.Append('"').Append(text).Append('"');
                break;
            case ReadOnlyMemory<byte> bytes:
                _text.Append(CultureInfo.InvariantCulture, $"{bytes.Length} bytes");
                break;
            case IList list:
                AppendAll('[', list.Cast<object?>(), ']', Append);
                break;
            case IFormattable or bool:
                _text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            default:
                AppendAll('{', Comparable(value.GetType()), '}', property =>
                {
                    _text.Append(property.Name).Append('=');
                    // Clients do the same with no list and an empty one.
                    Append(property.GetValue(value) ?? (typeof(IList).IsAssignableFrom(property.PropertyType) ? Array.Empty<object>() : null));
                });
                break;
        }
    }

    private void AppendAll<T>(char open, IEnumerable<T> items, char close, Action<T> append)
    {
        _text.Append(open);
        var separator = "";
        foreach (var item in items)
        {
            _text.Append(separator);
            append(item);
            separator = " ";
        }
        _text.Append(close);
    }

    private static IEnumerable<PropertyInfo> Comparable(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => !Incomparable.Contains(property.Name));
}
