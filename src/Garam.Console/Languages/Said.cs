namespace Garam.Console.Languages;

/// <summary>A sentence in both languages, for what is found out before it is known who will read it.</summary>
internal sealed record Said(string English, string Korean);
