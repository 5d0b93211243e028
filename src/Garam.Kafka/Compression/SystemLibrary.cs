using System.Runtime.InteropServices;

namespace Garam.Kafka.Compression;

/// <summary>A library of the system that may be absent. It is looked for once, when it is first asked for.</summary>
internal sealed class SystemLibrary(string name)
{
    private readonly Lazy<nint> _handle = new(() => NativeLibrary.TryLoad(name, typeof(SystemLibrary).Assembly, DllImportSearchPath.SafeDirectories, out var loaded) ? loaded : 0);

    /// <summary>It is there, and has all of <paramref name="exports"/>.</summary>
    public bool Has(params ReadOnlySpan<string> exports)
    {
        foreach (var export in exports)
        {
            if (_handle.Value == 0 || !NativeLibrary.TryGetExport(_handle.Value, export, out _))
            {
                return false;
            }
        }
        return true;
    }
}
