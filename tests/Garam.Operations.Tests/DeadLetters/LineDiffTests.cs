using Garam.Operations.DeadLetters;

namespace Garam.Operations.Tests.DeadLetters;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a b c", "a b c", "=a =b =c")]
    [InlineData("a b c", "a x c", "=a -b +x =c")]
    [InlineData("a", "a b", "=a +b")]
    [InlineData("a b", "b", "-a =b")]
    [InlineData("a b c d", "b d", "-a =b -c =d")]
    [InlineData("a b a b", "b a", "-a =b =a -b")]
    [InlineData("a a", "a a a", "=a =a +a")]
    public void Lines_that_both_have_stay(string before, string after, string diff) => Diff(before, after).ShouldBe(diff);

    [Fact]
    public void The_two_texts_can_be_read_out_of_any_difference()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var (before, after) = (Text(random), Text(random));
            var diff = LineDiff.Of(before, after);
            string.Join('\n', diff.Where(line => line.Change != LineChange.Added).Select(line => line.Text)).ShouldBe(before);
            string.Join('\n', diff.Where(line => line.Change != LineChange.Removed).Select(line => line.Text)).ShouldBe(after);
        }
    }

    [Fact]
    public void A_difference_in_a_hundred_thousand_lines_is_found_and_two_strangers_of_that_size_cost_no_table()
    {
        var lines = Enumerable.Range(0, 100_000).Select(number => $"{number}").ToArray();
        var corrected = lines.ToArray();
        corrected[70_000] = "corrected";
        LineDiff.Of(string.Join('\n', lines), string.Join('\n', corrected)).Where(line => line.Change != LineChange.Same)
            .ShouldBe([(LineChange.Removed, "70000"), (LineChange.Added, "corrected")]);
        LineDiff.Of(string.Join('\n', lines), string.Join('\n', lines.Reverse().Append("other"))).Count.ShouldBeGreaterThan(100_000);
    }

    private static string Diff(string before, string after) => string.Join(' ', LineDiff.Of(before.Replace(' ', '\n'), after.Replace(' ', '\n'))
        .Select(line => (line.Change switch { LineChange.Same => "=", LineChange.Removed => "-", _ => "+" }) + line.Text));

    private static string Text(Random random) => string.Join('\n', Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)('a' + random.Next(4))));
}
