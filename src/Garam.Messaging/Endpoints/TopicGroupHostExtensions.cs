using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Messaging.Endpoints;

/// <summary>The entrance: <c>app.MapTopicGroup("billing").MapTopic("orders", (Order order) => ...)</c>.</summary>
public static class TopicGroupHostExtensions
{
    /// <summary>The consumer group <paramref name="group"/> of this host. Asked for again, the same one.</summary>
    /// <exception cref="InvalidOperationException">Messaging is not registered, or the host has started.</exception>
    public static TopicGroup MapTopicGroup(this IHost host, string group)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        var groups = host.Services.GetService<TopicGroups>()
            ?? throw new InvalidOperationException("Messaging is not registered. Call services.AddMessaging(...) before the host is built.");
        return groups.GetOrAdd(group);
    }
}

/// <summary>All groups of the host, in the order in which they were mapped.</summary>
internal sealed class TopicGroups
{
    private readonly List<TopicGroup> _groups = [];
    private bool _sealed;

    public TopicGroup GetOrAdd(string name)
    {
        if (_sealed)
        {
            throw new InvalidOperationException($"Group '{name}' was mapped after the host had started. Map all topics between Build() and Run().");
        }

        var group = _groups.Find(known => known.Name == name);
        if (group is null)
        {
            _groups.Add(group = new TopicGroup(name));
        }

        return group;
    }

    public IReadOnlyList<TopicGroup> Seal()
    {
        _sealed = true;
        return _groups;
    }
}
