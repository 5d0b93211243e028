using System.Collections.Frozen;
using System.Globalization;
using Garam.Operations;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Garam.Console.Languages;

/// <summary>
/// The language of one request. Both texts stand side by side where they are used, so that none can be missing or be forgotten when the other
/// changes: <c>@L["Topics", "토픽"]</c>.
/// </summary>
internal sealed class Language
{
    public const string Cookie = "garam.language";

    /// <summary>Words that failures begin with: anything else may be a name.</summary>
    private static readonly FrozenSet<string> Beginnings = FrozenSet.Create(
        "a", "broker", "choose", "group", "header", "letters", "members", "message", "more", "no", "nobody", "nothing", "only",
        "outbox", "partition", "say", "send", "text", "that", "the", "there", "these", "they", "this", "tick", "topic");

    private Language(bool korean) => IsKorean = korean;

    public bool IsKorean { get; }

    /// <summary>For <c>&lt;html lang&gt;</c>.</summary>
    public string Tag => IsKorean ? "ko" : "en";

    public string this[string english, string korean] => IsKorean ? korean : english;

    public string this[Said said] => this[said.English, said.Korean];

    /// <summary>A warning or a mistake in a query, which the operations report in English. One without a translation stays as it is.</summary>
    public string Sentence(string english) => IsKorean ? KoreanSentences.Of(english) ?? english : english;

    /// <summary>Why an operation failed.</summary>
    public string Failure(OperationException failure) => IsKorean ? KoreanSentences.Of(failure) : failure.Message;

    /// <summary>The same as a sentence of its own, with a capital. The name of a topic or a group at its beginning stays as it is.</summary>
    public string FailureSentence(OperationException failure)
    {
        var text = Failure(failure);
        return Beginnings.Contains(text.Split(' ')[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    /// <summary>What a setting does; null where that is not known.</summary>
    public string? Meaning(TopicConfig config) => IsKorean ? KoreanConfigs.Of(config.Name) ?? config.Documentation : config.Documentation;

    /// <summary>What the reader chose, else what the browser asks for first among the two, else English.</summary>
    public static Language Of(HttpRequest? request) => new((request?.Cookies[Cookie] ?? Preferred(request)) == "ko");

    public static Language Of(string tag) => new(tag == "ko");

    /// <summary>"12 s", "3 min", "2 h", "5 d": as precise as a person wants it.</summary>
    public string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => this[Text("<1", " s"), "1초 미만"],
        { TotalMinutes: < 1 } => this[Text(duration.TotalSeconds, " s"), Text(duration.TotalSeconds, "초")],
        { TotalHours: < 1 } => this[Text(duration.TotalMinutes, " min"), Text(duration.TotalMinutes, "분")],
        { TotalDays: < 2 } => this[Text(duration.TotalHours, " h"), Text(duration.TotalHours, "시간")],
        _ => this[Text(duration.TotalDays, " d"), Text(duration.TotalDays, "일")],
    };

    public string Ago(TimeSpan age) => age < TimeSpan.FromSeconds(1) ? this["just now", "방금"] : this[$"{Duration(age)} ago", $"{Duration(age)} 전"];

    private static string Text(double number, string unit) => Text(Math.Floor(number).ToString(CultureInfo.InvariantCulture), unit);

    private static string Text(string number, string unit) => number + unit;

    private static string Preferred(HttpRequest? request) =>
        request is not null && StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var languages)
            ? languages.OrderByDescending(language => language.Quality ?? 1).Select(language => Primary(language.Value.Value)).FirstOrDefault(tag => tag is "ko" or "en") ?? "en"
            : "en";

    private static string Primary(string? tag) => (tag ?? "").Split('-')[0].ToLowerInvariant();
}
