namespace Garam.Up;

/// <summary>
/// The name by which consumer groups know this installation again: made once, kept in its data directory. A process that was killed is not
/// taken for a new member that must wait until the old one is given up (45 s), but takes its partitions back at once (KIP-345).
/// </summary>
internal static class InstanceName
{
    public static string Of(string data)
    {
        Directory.CreateDirectory(data);
        var file = Path.Combine(data, "instance");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } known)
            return known;

        var name = $"garam-{Guid.NewGuid():N}";
        // Under another name first: a crash in the middle of the write must not leave half a name behind.
        File.WriteAllText(file + ".new", name);
        File.Move(file + ".new", file, overwrite: true);
        return name;
    }
}
