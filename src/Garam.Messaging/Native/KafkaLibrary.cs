using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Garam.Messaging.Native;

/// <summary>
/// Finds librdkafka, which Confluent.Kafka calls into. The first of these that loads and is new enough is used for the whole process:
/// the file that <c>GARAM_LIBRDKAFKA</c> names; one beside the program; the one that the launcher built into the cache folder; the system's.
/// </summary>
public static class KafkaLibrary
{
    /// <summary>Environment variable that names the library's file.</summary>
    public const string PathVariable = "GARAM_LIBRDKAFKA";

    private const string BuiltVersion = "2.15.1";

    // Confluent.Kafka 2.15 asks for functions that older libraries lack, and then fails in the middle of the work.
    private const int OldestVersion = 0x020300ff;

    private static readonly Lazy<LoadedLibrary> Loaded = new(() => Load(Candidates()));

    private delegate int VersionFunction();

    /// <summary>Loads the library, if it is not loaded yet. Whoever uses Confluent.Kafka directly calls this first.</summary>
    /// <returns>Version and place, for logs: <c>2.15.1 (/path/librdkafka.so.1)</c>.</returns>
    /// <exception cref="KafkaLibraryNotFoundException">None was found; the message says what to do.</exception>
    public static string EnsureLoaded() => Loaded.Value.Description;

    internal static string CachePath(string? cacheHome, string home) => Path.Combine(
        string.IsNullOrEmpty(cacheHome) ? Path.Combine(home, ".cache") : cacheHome, "garam", $"librdkafka-{BuiltVersion}", "librdkafka.so.1");

    internal static LoadedLibrary Load(IEnumerable<string> candidates)
    {
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, typeof(Library).Assembly, null, out var handle))
            {
                tried.Add($"{candidate}: not there, or not loadable");
            }
            else if (VersionOf(handle) is var version && version >= OldestVersion)
            {
                return new LoadedLibrary(handle, $"{version >> 24}.{version >> 16 & 0xff}.{version >> 8 & 0xff} ({candidate})");
            }
            else
            {
                tried.Add($"{candidate}: version {version >> 24}.{version >> 16 & 0xff} is older than 2.3");
            }
        }

        throw new KafkaLibraryNotFoundException(tried);
    }

#pragma warning disable CA2255 // The resolver must be there before anybody's first call into Confluent.Kafka, whoever makes it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (name, _, _) =>
            name.Contains("librdkafka", StringComparison.Ordinal) ? Loaded.Value.Handle : IntPtr.Zero);

    private static IEnumerable<string> Candidates()
    {
        // A file that somebody has named is the only one that he wants: no silent second choice.
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return [named];
        }

        var cached = CachePath(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return [Path.Combine(AppContext.BaseDirectory, "librdkafka.so"), cached, "librdkafka", "librdkafka.so.1"];
    }

    private static int VersionOf(IntPtr handle) =>
        NativeLibrary.TryGetExport(handle, "rd_kafka_version", out var function)
            ? Marshal.GetDelegateForFunctionPointer<VersionFunction>(function)()
            : 0;
}

internal sealed record LoadedLibrary(IntPtr Handle, string Description);

/// <summary>The native Kafka client is not on this machine.</summary>
public sealed class KafkaLibraryNotFoundException : Exception
{
    internal KafkaLibraryNotFoundException(IReadOnlyList<string> tried)
        : base($"""
            librdkafka, the native Kafka client, was not found. Do one of these:
              run ./garam up once: it builds the library into the cache folder;
              install librdkafka 2.3 or newer with the system's package manager;
              export {KafkaLibrary.PathVariable}=/path/to/librdkafka.so.1
            Tried: {string.Join("; ", tried)}.
            """)
    {
    }
}
