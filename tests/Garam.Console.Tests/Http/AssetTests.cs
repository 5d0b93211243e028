using System.Net;
using System.Text.RegularExpressions;

namespace Garam.Console.Tests.Http;

public sealed partial class AssetTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    [Fact]
    public async Task What_a_page_asks_for_is_there_and_may_be_kept_for_good()
    {
        var addresses = Asset().Matches(await console.Server.PageAsync("/console")).Select(match => match.Value).Distinct().ToList();
        addresses.Select(Path.GetExtension).ShouldBe([".svg", ".css", ".js"], ignoreOrder: true);
        foreach (var address in addresses)
        {
            using var answer = await console.Server.Http.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(Path.GetExtension(address) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "image/svg+xml" });
        }
    }

    [Fact]
    public async Task A_module_finds_the_modules_that_it_imports_beside_it()
    {
        var script = Asset().Matches(await console.Server.PageAsync("/console")).Select(match => match.Value).Single(address => address.EndsWith(".js"));
        var imports = Import().Matches(await console.Server.Http.GetStringAsync(script)).Select(match => match.Groups[1].Value).ToList();
        imports.ShouldContain("live.js");
        foreach (var name in imports)
            (await console.Server.Http.GetAsync(script.Replace("console.js", name))).StatusCode.ShouldBe(HttpStatusCode.OK, name);
    }

    [Fact]
    public async Task An_old_address_is_answered_but_not_kept()
    {
        using var answer = await console.Server.Http.GetAsync("/console/assets/000000000000/console.css");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        (await console.Server.Http.GetAsync("/console/assets/000000000000/nothing.css")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task It_travels_packed_where_the_browser_unpacks()
    {
        var style = Asset().Match(await console.Server.PageAsync("/console")).Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, style);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var answer = await console.Server.Http.SendAsync(request);
        answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
    }

    [GeneratedRegex(@"/console/assets/[^""]+")]
    private static partial Regex Asset();

    [GeneratedRegex(@"import (?:.* from )?""\./([^""]+)""")]
    private static partial Regex Import();
}
