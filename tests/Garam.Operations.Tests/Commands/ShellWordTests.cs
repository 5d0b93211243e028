using Garam.Operations.Commands;

namespace Garam.Operations.Tests.Commands;

public sealed class ShellWordTests
{
    [Theory]
    [InlineData("orders.billing-1", "orders.billing-1")]
    [InlineData("주문", "주문")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("$(rm -rf /)", "'$(rm -rf /)'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a\nb", @"$'a\u000ab'")]
    public void A_name_reaches_the_command_as_it_is(string name, string word) => ShellWord.Of(name).ShouldBe(word);

    [Theory]
    [InlineData("a\nb'c\\d")]
    [InlineData("left\u202eright")]
    [InlineData("`id` \"$HOME\" !x * ~ # & ;|<>")]
    public async Task A_real_shell_reads_the_name_out_of_it_again(string name)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", $"printf %s {ShellWord.Of(name)}"])
        {
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;
        (await shell.StandardOutput.ReadToEndAsync()).ShouldBe(name);
    }
}
