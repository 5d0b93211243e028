using System.Globalization;
using System.Text.RegularExpressions;
using Garam.Operations;

namespace Garam.Console.Languages;

/// <summary>
/// Failures, warnings and mistakes in queries in Korean. The operations report them in English, for pages, commands and programs alike; the
/// pages look them up here. Texts of Kafka and of the system are not in the table: they are quoted as they are.
/// </summary>
internal static partial class KoreanSentences
{
    private static readonly Lazy<IReadOnlyList<(Regex English, string Korean)>> Table = new(Compiled);

    /// <summary>Null: the sentence is not in the table.</summary>
    public static string? Of(string english)
    {
        foreach (var (pattern, korean) in Table.Value)
        {
            if (pattern.Match(english) is { Success: true } match)
                return Filled(korean, match);
        }

        return null;
    }

    /// <summary>Why an operation failed. What the table does not have is quoted after a sentence about the kind of failure.</summary>
    public static string Of(OperationException failure) => Of(failure.Message) ?? $"{OfKind(failure.Kind)} 원문: “{failure.Message}”";

    private static string OfKind(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => "요청이 올바르지 않습니다.",
        FailureKind.NotFound => "대상을 찾을 수 없습니다.",
        FailureKind.Conflict => "현재 상태에서는 처리할 수 없습니다.",
        FailureKind.Unauthorized => "권한이 없습니다.",
        FailureKind.Unreachable => "Kafka가 응답하지 않습니다.",
        _ => "요청을 처리하지 못했습니다.",
    };

    // A part of a sentence may be one itself: "column 3: ...", "... cannot be sent: ...".
    private static string Filled(string korean, Match match) =>
        string.Format(CultureInfo.InvariantCulture, korean, [.. match.Groups.Values.Skip(1).Select(part => Of(part.Value) ?? part.Value)]);

    private static IReadOnlyList<(Regex English, string Korean)> Compiled() =>
        [.. new[] { Queries, Records, Topics, Groups, Letters, Pages, Broker, Health, Work }.SelectMany(area => area).Select(pair => (Pattern(pair.English), pair.Korean))];

    // {0}, {1}, ... stand for what differs, each in its turn; (s) is there in the plural only.
    private static Regex Pattern(string english) => new(
        $"^{Hole().Replace(Regex.Escape(english).Replace(@"\(s\)", "s?", StringComparison.Ordinal), "(.+?)")}$",
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\\\{[0-9]\}")]
    private static partial Regex Hole();
}
