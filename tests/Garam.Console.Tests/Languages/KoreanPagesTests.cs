using System.Net;
using Garam.Console.Overview;
using Garam.Console.Tests.Messages;
using Garam.Operations.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Languages;

/// <summary>Sentences that reach a Korean page in other ways than its own text.</summary>
public sealed class KoreanPagesTests : IAsyncLifetime
{
    private ConsoleServer _console = null!;

    public async ValueTask InitializeAsync() => _console = await ConsoleServer.StartAsync(services: services => services.AddSingleton<IBrokerHealth>(new Disk()));

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData("ko", "토픽 missing이(가) 존재하지 않습니다.")]
    [InlineData("en", "topic missing does not exist.")]
    public async Task A_search_that_fails_while_it_runs_says_why_in_the_readers_language(string language, string expected)
    {
        using var answer = await AskAsync("/api/topics/missing/messages?from=oldest", language);
        var (type, data) = ServerSent.Read(await answer.Content.ReadAsStringAsync()).Last();
        type.ShouldBe("failed");
        data.GetProperty("message").GetString()!.ShouldBe(expected);
    }

    [Fact]
    public async Task A_search_that_is_refused_says_why_in_the_readers_language()
    {
        using var answer = await AskAsync("/api/topics/missing/messages?q=a)", "ko");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("2번째 글자: 여는 괄호가 없습니다.");
    }

    [Fact]
    public async Task A_problem_of_the_embedded_broker_is_told_in_the_readers_language()
    {
        for (var page = ""; !page.Contains("디스크 오류로 orders-0", StringComparison.Ordinal);)
            (page = await _console.PageAsync("/console", "ko")).ShouldNotContain("is read-only because");
        (await _console.PageAsync("/console")).ShouldContain("orders-0 is read-only because the disk failed (EIO).");
    }

    [Fact]
    public void Sizes_that_cannot_be_read_are_explained_in_both_languages()
    {
        var sizes = LogSizeReader.Unavailable("sasl_ssl", [1, 2]);
        var why = sizes.Unknown.Values.Distinct().Single();
        why.ShouldContain("cannot be read over SASL_SSL");
        Garam.Console.Languages.Language.Of("ko").Sentence(why).ShouldContain("SASL_SSL 연결에서는 조회할 수 없습니다");
    }

    private async Task<HttpResponseMessage> AskAsync(string address, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptLanguage.ParseAdd(language);
        return await _console.Http.SendAsync(request);
    }

    private sealed class Disk : IBrokerHealth
    {
        public IReadOnlyList<string> Problems => ["orders-0 is read-only because the disk failed (EIO). Check the disk, then restart the broker."];
    }
}
