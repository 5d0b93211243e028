using System.Runtime.InteropServices;

namespace Garam.Kafka.Compression;

/// <summary>The frame functions of <c>liblz4.so.1</c>.</summary>
internal static unsafe partial class Lz4Library
{
    private const string Name = "liblz4.so.1";

    /// <summary>LZ4F_VERSION of the interface that is used here.</summary>
    public const uint Version = 100;

    private static readonly Lazy<bool> Found = new(() => new SystemLibrary(Name).Has(
        "LZ4F_createDecompressionContext", "LZ4F_freeDecompressionContext", "LZ4F_decompress", "LZ4F_compressFrameBound", "LZ4F_compressFrame", "LZ4F_isError"));

    public static bool IsThere => Found.Value;

    [LibraryImport(Name, EntryPoint = "LZ4F_createDecompressionContext")]
    public static partial nuint CreateDecompression(out nint context, uint version);

    [LibraryImport(Name, EntryPoint = "LZ4F_freeDecompressionContext")]
    public static partial nuint FreeDecompression(nint context);

    /// <summary>Both sizes go in as what there is and come out as what was used. 0: the frame is at its end.</summary>
    [LibraryImport(Name, EntryPoint = "LZ4F_decompress")]
    public static partial nuint Decompress(nint context, byte* target, ref nuint targetSize, byte* source, ref nuint sourceSize, nint options);

    [LibraryImport(Name, EntryPoint = "LZ4F_compressFrameBound")]
    public static partial nuint FrameBound(nuint sourceSize, in Preferences preferences);

    [LibraryImport(Name, EntryPoint = "LZ4F_compressFrame")]
    public static partial nuint CompressFrame(byte* target, nuint capacity, byte* source, nuint sourceSize, in Preferences preferences);

    [LibraryImport(Name, EntryPoint = "LZ4F_isError")]
    public static partial uint IsError(nuint code);

    /// <summary>LZ4F_preferences_t: what is not named here is zero, the library's default.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 56)]
    public struct Preferences
    {
        [FieldOffset(0)]
        public int BlockSizeId;

        [FieldOffset(4)]
        public int BlockMode;

        [FieldOffset(32)]
        public int Level;
    }
}
