using System.Text;
using Garam.Content.Text;

namespace Garam.Content.Tests.Text;

public sealed class LookAlikesTests
{
    [Theory]
    [InlineData("𝐠𝐚𝐫𝐚𝐦 𝓰𝓪𝓻𝓪𝓶 𝔤𝔞𝔯𝔞𝔪 𝕘𝕒𝕣𝕒𝕞 𝚐𝚊𝚛𝚊𝚖", "garam garam garam garam garam")]
    [InlineData("ⓖⓐⓡⓐⓜ 🅖🅐🅡🅐🅜 ⒢⒜⒭⒜⒨", "garam garam garam")]
    [InlineData("🄶🄰🅁🄰🄼 🅶🅰🆁🅰🅼", "garam garam")]
    [InlineData("🇬🇦🇷🇦🇲", "garam")]
    [InlineData("ᵍᵃʳᵃᵐ ₐ", "garam a")]
    [InlineData("ɢᴀʀᴀᴍ", "garam")]
    [InlineData("gаrαm", "garam")]                            // Cyrillic а, Greek α
    [InlineData("ᴳаг", "gar")]
    [InlineData("\uFB01ne ⑱ ¹ 𝟙", "fine 18 1 1")]
    [InlineData("g\u0336a\u20DDram", "garam")]
    [InlineData("한글 ㅋㅋ ㄱ 漢字 かな ガ か\u3099", "한글 ㅋㅋ ㄱ 漢字 かな ガ か\u3099")]
    [InlineData("Plain ASCII, 1 + 1 = 2", "Plain ASCII, 1 + 1 = 2")]
    public void What_looks_like_a_letter_becomes_that_letter(string text, string expected) => LookAlikes.Fold(text).ShouldBe(expected);

    [Fact]
    public void Hangul_in_circles_and_brackets_composes_with_what_follows() =>
        TextNormalizer.Normalize(LookAlikes.Fold("㉮㈏ ㉠\u1161 ㉠")).ShouldBe("가나 가 ㄱ");

    /// <summary>GARAM_UNICODE names a directory with UnicodeData.txt and confusables.txt of the version that the table states.</summary>
    [Fact]
    public void The_table_is_what_is_generated_from_the_files_of_Unicode()
    {
        var directory = Environment.GetEnvironmentVariable("GARAM_UNICODE");
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "GARAM_UNICODE names no directory with UnicodeData.txt and confusables.txt");

        using var stream = typeof(LookAlikes).Assembly.GetManifestResourceStream("look-alikes.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var table = string.Concat(reader.ReadToEnd().Split('\n').Where(line => line is not ([] or ['#', ..])).Select(line => $"{line}\n"));
        LookAlikeTable.Generate(directory!).ShouldBe(table);
    }
}
