using System.Net;
using System.Net.Http.Json;
using Garam.Console.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Tests.Http;

public sealed class GuardTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    [Fact]
    public async Task A_page_may_load_and_run_nothing_that_is_not_ours()
    {
        using var answer = await console.Server.Http.GetAsync("/console");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("garam.localhost", HttpStatusCode.OK)]
    [InlineData("rebound.example.com", HttpStatusCode.Forbidden)]
    public async Task A_foreign_name_that_points_at_this_machine_is_not_answered(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console");
        request.Headers.Host = host;
        using var answer = await console.Server.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_change_with_a_parameter_that_its_path_does_not_have_is_refused()
    {
        using (var created = await console.Server.Http.PostAsJsonAsync("/api/topics", new { name = "guarded", partitions = 1 }))
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var mistyped = await console.Server.Http.DeleteAsync("/api/topics/guarded?dry-run=true");
        mistyped.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await mistyped.Content.ReadAsStringAsync()).ShouldContain("dry-run");
        using var asked = await console.Server.Http.DeleteAsync("/api/topics/guarded?dryRun=true");
        asked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await console.Server.Http.GetAsync("/api/topics/guarded")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_name_that_was_allowed_is_answered()
    {
        await using var server = await ConsoleServer.StartAsync(configure: options => options.AllowedHosts = ["kafka.example.com"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console");
        request.Headers.Host = "kafka.example.com";
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://foreign.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Found)]
    [InlineData("Accept", "text/html", HttpStatusCode.Found)]
    public async Task A_form_of_another_site_is_refused(string header, string value, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/console/language") { Content = new FormUrlEncodedContent([KeyValuePair.Create("to", "ko")]) };
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await console.Server.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_read_only_console_refuses_every_route_that_changes_something()
    {
        await using var server = await ConsoleServer.StartAsync(configure: options => options.ReadOnly = true);
        var changing = server.Routes.Where(route => ChangeRoutes.Changes(route.Metadata)).ToList();
        foreach (var route in changing)
        {
            var method = route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0];
            var path = RoutePaths.Example(route);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await server.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
            (await answer.Content.ReadAsStringAsync()).ShouldContain("read-only", customMessage: path);
        }
    }

    [Fact]
    public void A_route_that_is_not_a_GET_changes_something_unless_it_says_otherwise()
    {
        var harmless = console.Server.Routes
            .Where(route => !(route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Contains("GET") && !ChangeRoutes.Changes(route.Metadata))
            .Select(route => route.RoutePattern.RawText);
        harmless.ShouldContain("/console/language");
        harmless.ShouldAllBe(path => path!.EndsWith("/language") || path.EndsWith("/preview") || path.EndsWith("/plan") || path.EndsWith("/diff") || path.EndsWith("/command"), "a route that claims to change nothing says so by its name");
    }
}
