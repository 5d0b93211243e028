namespace Garam.Browser.Tests;

/// <summary>Every page, wide and narrow, light and dark, in both languages, with what means harm in it.</summary>
public sealed class WalkTests(Chromium chromium, Town town) : IClassFixture<Town>
{
    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_is_sound(Look look)
    {
        await using var window = await chromium.OpenAsync(town.Http, look);
        var unsound = new List<string>();
        foreach (var (name, path) in town.Pages)
        {
            try
            {
                await window.GoAsync(path);
                await window.KeepAsync(name, look);
                await window.ShouldBeSoundAsync();
            }
            catch (ShouldAssertException exception)
            {
                unsound.Add($"{name} {look}: {exception.Message}");
            }
        }

        unsound.ShouldBeEmpty();
    }
}
