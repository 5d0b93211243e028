namespace Garam.Outbox;

/// <summary>
/// What the relay has of one topic in memory. Every topic has bounds of its own, so that a topic that takes nothing cannot hold up the
/// others.
/// </summary>
internal sealed class OutboxTopic
{
    /// <summary>Rows that are read and not acknowledged yet, those that are being retried included.</summary>
    private const int MaxRows = 1_000;

    /// <summary>The same while nothing of the topic was ever acknowledged, those that are being retried not counted: it may not
    /// exist.</summary>
    private const int MaxUnproven = 100;

    private const int MaxBytes = 16 << 20;

    /// <summary>Keys that wait for an undeliverable row are remembered, so their number is bounded; the topic waits beyond it.</summary>
    private const int MaxUndeliverable = 10_000;

    /// <summary>A topic of which nothing is acknowledged for so long is not waited for.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private bool _isProven;
    private int _rows;
    private int _retrying;
    private long _bytes;
    private long _movedAt;

    /// <summary>Undeliverable rows that a key waits for.</summary>
    public int Undeliverable { get; set; }

    /// <summary>The oldest row that was passed over for want of room. No later row may be taken before it: it may have the same
    /// key.</summary>
    public long? FirstSkipped { get; set; }

    /// <param name="size">Bytes of the row to take.</param>
    public bool HasRoom(int size) =>
        Undeliverable < MaxUndeliverable
        && _rows < MaxRows
        && (_isProven || _rows - _retrying < MaxUnproven)
        && (_rows == 0 || _bytes + size <= MaxBytes);

    /// <summary>Whether there is room for so many rows that it is worth reading on: not each acknowledgement wakes the reader.</summary>
    public bool HasSlack => (_rows - _retrying) * 2 <= MaxRows - _retrying && _bytes * 2 <= MaxBytes;

    /// <summary>Whether room can be expected soon.</summary>
    public bool IsMoving(TimeProvider time) => _isProven && time.GetElapsedTime(_movedAt) < Silence;

    public void Take(OutboxRow row, TimeProvider time)
    {
        if (_rows++ == 0)
            _movedAt = time.GetTimestamp();
        _bytes += row.Size;
    }

    /// <summary>The row is kept in the table alone until it is tried again.</summary>
    public void BeginRetry(OutboxRow row)
    {
        _retrying++;
        _bytes -= row.Size;
    }

    public void EndRetry(OutboxRow row)
    {
        _retrying--;
        _bytes += row.Size;
    }

    public void PutBack(OutboxRow row)
    {
        _rows--;
        _bytes -= row.Size;
    }

    public void Acknowledge(OutboxRow row, TimeProvider time)
    {
        PutBack(row);
        _isProven = true;
        _movedAt = time.GetTimestamp();
    }
}
