using Confluent.Kafka;

namespace Garam.Messaging.Consuming;

/// <summary>Whether the group has given this member an assignment, be it an empty one. Written by the poll thread, read by health.</summary>
internal sealed class Membership(TimeProvider time)
{
    private const long Assignment = long.MinValue;

    private long _waitingSince = time.GetTimestamp();
    private volatile string? _error;

    public void Assigned()
    {
        Volatile.Write(ref _waitingSince, Assignment);
        _error = null;
    }

    public void Lost() => Volatile.Write(ref _waitingSince, time.GetTimestamp());

    /// <summary>What the client says meanwhile may be the reason.</summary>
    public void Failed(Error error) => _error = $"{error.Reason} ({error.Code})";

    /// <param name="patience">For so long a group may need to rebalance.</param>
    public string? Problem(TimeSpan patience)
    {
        if (Volatile.Read(ref _waitingSince) is not Assignment and var since && time.GetElapsedTime(since) is var waited && waited > patience)
        {
            var reason = _error is { } error ? $" The client reports: {error}." : "";
            return $"The group has given this process no assignment for {waited.TotalSeconds:0} s.{reason} Another member may be slow to rejoin; "
                + "where one uses another assignor than cooperative-sticky, stop it or change it.";
        }

        return null;
    }
}
