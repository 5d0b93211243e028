using Microsoft.AspNetCore.Http;

namespace Garam.Console.Http;

/// <summary>
/// What a browser is told not to do with our pages. They show what strangers wrote; should markup ever slip through, nothing of it runs, loads
/// or is sent anywhere.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void AddTo(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // Live data, and data of the company: no copy of it stays behind. An asset says otherwise.
        response.Headers.CacheControl = "no-store";
    }
}
