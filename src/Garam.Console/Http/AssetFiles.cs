using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Garam.Console.Http;

/// <summary>
/// Styles and scripts, out of the assembly. Their address holds a hash of all of them: what a browser has, it keeps for good; a new version has
/// new addresses, also for the modules that modules import by relative name.
/// </summary>
internal static class AssetFiles
{
    private static readonly IReadOnlyDictionary<string, Asset> Files = Load();
    private static readonly string Version = Convert.ToHexStringLower(SHA256.HashData(
        [.. Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Bytes)]))[..12];

    public static string Href(string name) => Files.ContainsKey(name)
        ? $"/console/assets/{Version}/{name}"
        : throw new ArgumentException($"there is no asset {name}: files under Assets are embedded by their names.", nameof(name));

    public static void MapAssets(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/assets/{version}/{name}", (string version, string name, HttpContext context) =>
        {
            if (!Files.TryGetValue(name, out var asset))
                return Results.NotFound();
            context.Response.Headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-cache";
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (!TakesBrotli(context.Request))
                return Results.Bytes(asset.Bytes, asset.ContentType);
            context.Response.Headers.ContentEncoding = "br";
            return Results.Bytes(asset.Brotli, asset.ContentType);
        });

    private static bool TakesBrotli(HttpRequest request) =>
        request.Headers.AcceptEncoding.ToString().Split(',').Any(encoding => encoding.Trim() == "br");

    private static Dictionary<string, Asset> Load() => typeof(AssetFiles).Assembly.GetManifestResourceNames()
        .Where(name => ContentTypeOf(name) is not null)
        .ToDictionary(name => name, name => Read(name, ContentTypeOf(name)!));

    private static Asset Read(string name, string contentType)
    {
        using var resource = typeof(AssetFiles).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            brotli.Write(bytes);
        return new Asset(contentType, bytes, packed.ToArray());
    }

    private static string? ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => null,
    };

    private sealed record Asset(string ContentType, byte[] Bytes, byte[] Brotli);
}
