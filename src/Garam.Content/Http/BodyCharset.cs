using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Garam.Content.Http;

/// <summary>
/// The <c>charset</c> of a JSON body. The framework throws where it does not know one, and takes a quoted one for unknown:
/// <c>charset="utf-8"</c>
/// is as good as without quotes (RFC 9110, section 8.3.1). It also replaces what is not text in that charset, and would keep other text than was
/// sent: a body in another charset than UTF-8 is decoded here, and <see cref="DecoderFallbackException"/> ends the reading of one that is not text.
/// </summary>
internal static class BodyCharset
{
    /// <param name="request">Its body becomes UTF-8, and its content type says so.</param>
    /// <param name="refusal">What is wrong and what to do, where the answer is false.</param>
    public static bool TryAccept(HttpRequest request, [NotNullWhen(false)] out string? refusal)
    {
        refusal = null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
            return true;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        if (Find(charset) is not { } encoding)
        {
            refusal = $"The charset '{charset}' is not known here: send the body in UTF-8.";
            return false;
        }

        // The JSON reader itself checks UTF-8, and names the field.
        if (encoding.CodePage != Encoding.UTF8.CodePage)
            request.Body = Encoding.CreateTranscodingStream(request.Body, encoding, Encoding.UTF8, leaveOpen: true);
        type.Charset = Encoding.UTF8.WebName;
        request.ContentType = type.ToString();
        return true;
    }

    /// <summary>The encoding, which throws where bytes are not text; null for one that is not known.</summary>
    private static Encoding? Find(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
