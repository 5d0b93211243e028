namespace Garam.Faults.Nemesis;

/// <summary>The wall clock of the broker's process, by libfaketime: it can be put forward and back while the process runs. Clocks that only measure go on as they are.</summary>
internal sealed class FakeClock
{
    private static readonly string[] Libraries =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1",
    ];

    private readonly string _file;

    private FakeClock(string library, string file)
    {
        _file = file;
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
        Set(TimeSpan.Zero);
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Null where libfaketime (Debian: faketime) is not installed.</summary>
    public static FakeClock? TryCreate(string folder) =>
        Array.Find(Libraries, File.Exists) is { } library ? new FakeClock(library, Path.Combine(folder, "clock")) : null;

    /// <summary>Puts the clock to the right time plus <paramref name="offset"/>.</summary>
    public void Set(TimeSpan offset)
    {
        var temporary = _file + ".new";
        File.WriteAllText(temporary, $"{(offset < TimeSpan.Zero ? "" : "+")}{(long)offset.TotalSeconds}s\n");
        File.Move(temporary, _file, overwrite: true);
    }
}
