namespace Garam.Faults.Checking;

/// <summary>A partition of a topic.</summary>
internal readonly record struct Place(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}-{Partition}";
}
