namespace Garam.Operations;

/// <summary>A sentence in both languages, for what is known before its reader is.</summary>
public sealed record LocalizedText(string English, string Korean)
{
    /// <summary>The same in every language: a name, or what a user wrote.</summary>
    public static LocalizedText AsIs(string text) => new(text, text);
}
