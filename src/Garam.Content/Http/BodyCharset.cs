using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Garam.Content.Http;

/// <summary>
/// The <c>charset</c> of a JSON body. The framework throws where it does not know one, and takes a quoted one for unknown:
/// <c>charset="utf-8"</c>
/// is as good as without quotes (RFC 9110, section 8.3.1).
/// </summary>
internal static class BodyCharset
{
    /// <param name="request">Its content type loses the quotes.</param>
    /// <param name="refusal">What is wrong and what to do, where the answer is false.</param>
    public static bool TryAccept(HttpRequest request, [NotNullWhen(false)] out string? refusal)
    {
        refusal = null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
            return true;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        if (!IsKnown(charset))
        {
            refusal = $"The charset '{charset}' is not known here: send the body in UTF-8.";
            return false;
        }

        type.Charset = charset;
        request.ContentType = type.ToString();
        return true;
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
