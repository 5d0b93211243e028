using System.Net;
using Garam.Console.Languages;
using Garam.Operations;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Tests.Http;

public sealed class RouteTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private IEnumerable<RouteEndpoint> Pages => console.Server.Routes.Where(route =>
        route.RoutePattern.RawText!.StartsWith("/console", StringComparison.Ordinal)
        && route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true);

    [Theory]
    [InlineData("en")]
    [InlineData("ko")]
    public async Task Every_page_that_needs_no_name_is_there_on_an_empty_cluster(string language)
    {
        var paths = Pages.Where(route => route.RoutePattern.Parameters.Count == 0).Select(RoutePaths.Example).Except(NeedTheirThing).ToList();
        paths.ShouldContain("/console/");
        paths.ShouldContain("/console/services");
        paths.ShouldContain("/console/cluster");
        foreach (var path in paths)
            (await console.Server.PageAsync(path, language)).ShouldContain($"<html lang=\"{language}\">", customMessage: path);
    }

    [Theory]
    [InlineData("/console/topics?page=next")]
    [InlineData("/console/topics/orders/first/0")]
    public async Task A_parameter_that_cannot_be_read_is_a_mistake_of_the_asker(string path)
    {
        using var answer = await console.Server.Http.GetAsync(path);
        ((int)answer.StatusCode).ShouldBeInRange(400, 499, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_page_of_something_that_is_not_there_says_so_and_nothing_breaks()
    {
        foreach (var path in Pages.Where(route => route.RoutePattern.Parameters.Count > 0).Select(RoutePaths.Example).Concat(NeedTheirThing))
        {
            using var answer = await console.Server.Http.GetAsync(path);
            ((int)answer.StatusCode).ShouldBeLessThan(500, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task The_page_of_a_failure_does_not_ask_for_itself_again_and_its_sentence_begins_with_a_capital()
    {
        using var missing = await console.Server.Http.GetAsync("/console/nowhere");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = await missing.Content.ReadAsStringAsync();
        page.ShouldContain("<body data-still>");
        page.ShouldContain("<p>There is no page at /console/nowhere.</p>");
        (await console.Server.PageAsync("/console")).ShouldContain("<body>");
    }

    [Fact]
    public void The_name_of_a_topic_keeps_its_letters_at_the_beginning_of_a_failure()
    {
        Language.Of("en").FailureSentence(new(FailureKind.Invalid, "orders: write a setting as NAME=VALUE.")).ShouldStartWith("orders:");
        Language.Of("en").FailureSentence(new(FailureKind.NotFound, "topic orders does not exist.")).ShouldBe("Topic orders does not exist.");
    }

    [Fact]
    public async Task Every_answer_of_the_API_to_a_simple_question_is_JSON()
    {
        foreach (var path in (string[])["/api/services", "/api/cluster"])
        {
            using var answer = await console.Server.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        }
    }

    [Fact]
    public async Task The_root_leads_to_the_console()
    {
        using var answer = await console.Server.Http.GetAsync("/");
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.ToString().ShouldBe("/console");
    }

    /// <summary>Addresses whose name stands in the query: without it there is nothing to show.</summary>
    private IEnumerable<string> NeedTheirThing => Pages.Select(RoutePaths.Example).Where(path => path.StartsWith("/console/group/", StringComparison.Ordinal) || path == "/console/group");
}
