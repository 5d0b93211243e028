using Garam.Console.Languages;

namespace Garam.Console.Overview;

/// <summary>How everything is, in one sentence, and why.</summary>
/// <param name="Level">ok, warn, bad or idle: the worst of the reasons.</param>
/// <param name="Summary">The sentence of the strip.</param>
/// <param name="Reasons">Everything that is not well, the worst first; empty when all is.</param>
internal sealed record HealthVerdict(string Level, Said Summary, IReadOnlyList<HealthReason> Reasons)
{
    public static readonly HealthVerdict Unknown = new("idle", new Said("Kafka has not answered yet.", "Kafka가 아직 응답하지 않았습니다."), []);

    public string Word(Language language) => HealthReason.WordOf(Level, language);

    public string Sentence(Language language) => language[Summary];
}

/// <summary>One thing that is not well.</summary>
/// <param name="Level">warn: somebody should look; bad: something stands still.</param>
/// <param name="What">What, where, and since when.</param>
/// <param name="Href">Where it can be looked at; null where there is no such page.</param>
internal sealed record HealthReason(string Level, Said What, string? Href)
{
    public string Word(Language language) => WordOf(Level, language);

    internal static string WordOf(string level, Language language) => level switch
    {
        "ok" => language["Healthy", "정상"],
        "warn" => language["Attention", "주의"],
        "bad" => language["Trouble", "장애"],
        _ => language["Unknown", "확인 중"],
    };
}
