using System.Runtime.InteropServices;

namespace Garam.Kafka.Compression;

/// <summary>The functions of <c>libzstd.so.1</c>.</summary>
internal static unsafe partial class ZstdLibrary
{
    private const string Name = "libzstd.so.1";

    /// <summary>ZSTD_d_windowLogMax.</summary>
    public const int LargestWindowLog = 100;

    private static readonly Lazy<bool> Found = new(() => new SystemLibrary(Name).Has(
        "ZSTD_createDStream", "ZSTD_freeDStream", "ZSTD_decompressStream", "ZSTD_compressBound", "ZSTD_compress", "ZSTD_isError",
        "ZSTD_DCtx_setParameter", "ZSTD_sizeof_DCtx"));

    public static bool IsThere => Found.Value;

    [LibraryImport(Name, EntryPoint = "ZSTD_createDStream")]
    public static partial nint CreateDecoder();

    [LibraryImport(Name, EntryPoint = "ZSTD_freeDStream")]
    public static partial nuint FreeDecoder(nint decoder);

    [LibraryImport(Name, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetParameter(nint decoder, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_sizeof_DCtx")]
    public static partial nuint SizeOf(nint decoder);

    /// <summary>0: a frame is at its end, and all of it is written.</summary>
    [LibraryImport(Name, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(nint decoder, ref Buffer target, ref Buffer source);

    [LibraryImport(Name, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint Bound(nuint sourceSize);

    [LibraryImport(Name, EntryPoint = "ZSTD_compress")]
    public static partial nuint Compress(byte* target, nuint capacity, byte* source, nuint sourceSize, int level);

    [LibraryImport(Name, EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }
}
