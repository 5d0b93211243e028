namespace Garam.Console.Languages;

/// <summary>A sentence in both languages, for what is found out before it is known who will read it.</summary>
public sealed record Said(string English, string Korean)
{
    /// <summary>What is the same in every language: a name, or what somebody wrote.</summary>
    public static Said AsIs(string text) => new(text, text);
}
