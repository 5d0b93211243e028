namespace Garam.Content.Tests.Text;

/// <summary>Texts out of everything that the normaliser and the tokeniser treat differently, in any order.</summary>
internal static class RandomText
{
    private static readonly (int First, int Last)[] Alphabets =
    [
        (' ', ' '), ('!', '~'), ('가', '힣'), ('ㄱ', 'ㅣ'), (0x1100, 0x11FF), (0xFF01, 0xFFDC), (0xC0, 0x17F), (0x300, 0x36F),
        (0x3041, 0x30FF), (0x3099, 0x309A), (0x200B, 0x200F), (0x1F600, 0x1F640), (0xFE0F, 0xFE0F), (0x20000, 0x20010), (0x400, 0x45F),
    ];

    public static string Next(Random random, int length) =>
        string.Concat(Enumerable.Range(0, random.Next(length + 1)).Select(_ =>
        {
            var (first, last) = Alphabets[random.Next(Alphabets.Length)];
            return char.ConvertFromUtf32(random.Next(first, last + 1));
        }));
}
