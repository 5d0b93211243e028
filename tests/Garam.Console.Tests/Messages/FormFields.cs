using System.Net;
using System.Text.RegularExpressions;

namespace Garam.Console.Tests.Messages;

/// <summary>What a browser would send for the form that posts from a page, untouched.</summary>
internal static partial class FormFields
{
    public static IEnumerable<(string Name, string Value)> Of(string page)
    {
        var form = page[page.IndexOf("class=\"produce card\"", StringComparison.Ordinal)..];
        foreach (Match field in Field().Matches(form[..form.IndexOf("</form>", StringComparison.Ordinal)]))
        {
            if (field.Groups["input"].Success)
                yield return (Attribute(field.Value, "name"), Attribute(field.Value, "value"));
            else if (field.Groups["text"].Success)
                yield return (Attribute(field.Value, "name"), Sent(field.Groups["text"].Value));
            else
                yield return (Attribute(field.Value, "name"), Attribute(Chosen().Match(field.Value) is { Success: true } chosen ? chosen.Value : FirstOption().Match(field.Value).Value, "value"));
        }
    }

    // The line break behind the tag is dropped, and every end of line is sent as CR LF.
    private static string Sent(string text) =>
        Regex.Replace(Regex.Replace(WebUtility.HtmlDecode(text), @"\A(\r\n|\n|\r)", ""), @"\r\n|\n|\r", "\r\n");

    private static string Attribute(string tag, string name) =>
        WebUtility.HtmlDecode(Regex.Match(tag, $@"\s{name}=""([^""]*)""").Groups[1].Value);

    [GeneratedRegex(@"<textarea[^>]*>(?<text>.*?)</textarea>|<select.*?</select>|(?<input><input[^>]*>)", RegexOptions.Singleline)]
    private static partial Regex Field();

    [GeneratedRegex("<option[^>]*selected[^>]*>")]
    private static partial Regex Chosen();

    [GeneratedRegex("<option[^>]*>")]
    private static partial Regex FirstOption();
}
