using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Garam.Content.Posts;

namespace Garam.Content.Tests.Platform;

/// <summary>Bodies that cannot be read, or in which there is nothing to be seen: what is answered says what is wrong.</summary>
public sealed class UnreadableBodyTests(ApiTests.Started started) : IClassFixture<ApiTests.Started>
{
    private const string Valid = """{"title":"가람","content":"강","userId":1,"categoryId":2}""";

    [Theory]
    [InlineData("euc-kr", "euc-kr")]
    [InlineData("utf-7", "utf-7")]
    [InlineData("nonsense", "nonsense")]
    public async Task A_charset_that_is_not_known_is_a_415_that_names_it(string charset, string named)
    {
        var (status, problem) = await PostAsync(Encoding.UTF8.GetBytes(Valid), $"application/json; charset={charset}");
        status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        problem.GetProperty("detail").GetString()!.ShouldContain(named);
        problem.GetProperty("detail").GetString()!.ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("\"utf-8\"")]
    [InlineData("UTF-8")]
    [InlineData("\"UTF-8\"")]
    public async Task UTF_8_is_taken_however_it_is_written(string charset) =>
        (await PostAsync(Encoding.UTF8.GetBytes(Valid), $"application/json; charset={charset}")).Status.ShouldBe(HttpStatusCode.Created);

    [Fact]
    public async Task UTF_16_is_taken_where_it_is_said() =>
        (await PostAsync(Encoding.Unicode.GetBytes(Valid), "application/json; charset=utf-16")).Status.ShouldBe(HttpStatusCode.Created);

    [Fact]
    public Task UTF_8_that_is_said_to_be_ASCII_is_refused() =>
        ShouldNameAsync(Encoding.UTF8.GetBytes(Valid), "body", "UTF-8", "application/json; charset=us-ascii");

    [Fact]
    public Task Half_of_a_surrogate_pair_in_UTF_16_is_refused() =>
        ShouldNameAsync(
            [.. Encoding.Unicode.GetBytes("{\"title\":\"a"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("b\",\"content\":\"b\",\"userId\":1,\"categoryId\":1}")],
            "body", "UTF-8", "application/json; charset=utf-16");

    [Fact]
    public async Task ASCII_is_taken_where_it_is_said() =>
        (await PostAsync("""{"title":"a","content":"b","userId":1,"categoryId":2}"""u8.ToArray(), "application/json; charset=us-ascii"))
            .Status.ShouldBe(HttpStatusCode.Created);

    [Fact]
    public async Task A_body_that_is_too_large_is_a_413_that_says_so()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"title":"a","content":"{{new string('b', 1_100_000)}}","userId":1,"categoryId":1}""");
        var (status, problem) = await PostAsync(body, "application/json", expectContinue: true);
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        problem.GetProperty("detail").GetString()!.ShouldContain("too large");
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_named()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("{\"title\":\"a"), 0xB0, 0xA1, .. Encoding.UTF8.GetBytes("\",\"content\":\"b\",\"userId\":1,\"categoryId\":1}")];
        await ShouldNameAsync(body, "title", "UTF-8");
    }

    [Fact]
    public Task Half_of_a_surrogate_pair_is_named() =>
        ShouldNameAsync(Encoding.UTF8.GetBytes("""{"title":"a","content":"b\ud800","userId":1,"categoryId":1}"""), "content", "surrogate");

    [Fact]
    public Task A_wrong_type_is_still_a_wrong_type() =>
        ShouldNameAsync(Encoding.UTF8.GetBytes("""{"title":5,"content":"b","userId":1,"categoryId":1}"""), "title", "in quotes");

    [Theory]
    [InlineData("\u2800")]
    [InlineData("\u2800\u2800 \u3000")]
    [InlineData("\u115F\u1160\u3164\uFFA0")]
    [InlineData("\u200B\u200C\u200D\u2060\uFEFF\u00AD\u180E\u061C")]
    [InlineData("\u034F\u17B4\u17B5\uFE0F")]
    [InlineData("\U0001D159")]
    [InlineData("\U00013441\U00013442")]
    [InlineData("\U000E0020\U000E0041\U000E0FFF")]
    [InlineData("\u2065\uFFF0")]
    [InlineData("\u1680\u2028\u2029")]
    [InlineData("\u0301\u20DD")]
    public void A_text_of_characters_that_render_blank_is_blank(string text) => BlankText.IsBlank(text).ShouldBeTrue();

    [Theory]
    [InlineData("⠁")]
    [InlineData("ᅡ")]
    [InlineData("ㅋ")]
    [InlineData("★")]
    [InlineData("🌊")]
    [InlineData("\u2800.")]
    [InlineData("한")]
    public void A_text_in_which_something_can_be_seen_is_not_blank(string text) => BlankText.IsBlank(text).ShouldBeFalse();

    [Fact]
    public async Task A_post_of_a_single_Braille_blank_is_refused()
    {
        var (status, problem) = await PostAsync(Encoding.UTF8.GetBytes("""{"title":"\u2800","content":"\u2800","userId":1,"categoryId":2}"""), "application/json");
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("errors").GetProperty("title")[0].GetString()!.ShouldContain("blank");
    }

    private async Task ShouldNameAsync(byte[] body, string field, string reason, string contentType = "application/json")
    {
        var (status, problem) = await PostAsync(body, contentType);
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldContain(reason);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(byte[] body, string contentType, bool expectContinue = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/posts") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.ExpectContinue = expectContinue;
        using var answer = await started.Platform.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
