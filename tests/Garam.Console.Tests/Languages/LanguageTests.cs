using System.Net;

namespace Garam.Console.Tests.Languages;

public sealed class LanguageTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    [Theory]
    [InlineData("ko-KR, ko;q=0.9, en;q=0.8", "ko")]
    [InlineData("fr, en;q=0.5, ko;q=0.7", "ko")]
    [InlineData("en-GB, ko;q=0.9", "en")]
    [InlineData("fr", "en")]
    public async Task The_browser_s_first_choice_of_the_two_is_spoken(string asked, string spoken) =>
        (await console.Server.PageAsync("/console", asked)).ShouldContain($"<html lang=\"{spoken}\">");

    [Fact]
    public async Task Korean_pages_speak_Korean_and_write_it_as_itself() =>
        (await console.Server.PageAsync("/console", "ko")).ShouldContain("본문으로 바로 가기");

    [Fact]
    public async Task What_the_reader_chose_wins_and_he_is_back_where_he_was()
    {
        using var chosen = await console.Server.PostAsync("/console/language", ("to", "ko"), ("back", "/console/topics?q=a"));
        chosen.StatusCode.ShouldBe(HttpStatusCode.Found);
        chosen.Headers.Location!.ToString().ShouldBe("/console/topics?q=a");
        var cookie = chosen.Headers.GetValues("Set-Cookie").Single();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/console");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        request.Headers.AcceptLanguage.ParseAdd("en");
        using var answer = await console.Server.Http.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<html lang=\"ko\">");
    }

    [Theory]
    [InlineData("https://foreign.example.com")]
    [InlineData("//foreign.example.com")]
    [InlineData("/console\\..\\..")]
    [InlineData("")]
    public async Task Nobody_is_led_out_of_the_console(string back)
    {
        using var answer = await console.Server.PostAsync("/console/language", ("to", "ko"), ("back", back));
        answer.Headers.Location!.ToString().ShouldBe("/console");
    }
}
