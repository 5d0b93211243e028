using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Garam.Content.Tests.Platform;

/// <summary>The HTTP routes as their users meet them: statuses, bodies, limits, and what an error says.</summary>
public sealed class ApiTests(ApiTests.Started started) : IClassFixture<ApiTests.Started>
{
    private PlatformHost Platform => started.Platform;

    [Fact]
    public async Task A_post_is_answered_with_201_its_place_and_itself()
    {
        using var answer = await PostAsync("/posts", """{"title":"가람","content":"강가에서","userId":1,"categoryId":2}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var post = await answer.Content.ReadFromJsonAsync<JsonElement>();
        answer.Headers.Location!.ToString().ShouldBe($"/posts/{post.GetProperty("id")}/detail");
        Names(post).ShouldBe(["id", "version", "title", "content", "userId", "categoryId", "createdAt", "updatedAt", "deletedAt"]);
        post.GetProperty("version").GetInt32().ShouldBe(1);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("가람", customMessage: "letters, not escapes");
    }

    [Fact]
    public async Task A_detail_shows_what_the_course_shows_and_what_the_judgement_added()
    {
        var post = await Platform.CreateAsync("제주 여행", "바다를 보았다", userId: 1, categoryId: 2);
        await DefectsOfTheCourse.SeenAsync(Platform, post.Id);
        var detail = await Platform.Http.GetFromJsonAsync<JsonElement>($"/posts/{post.Id}/detail");
        Names(detail).ShouldBe(["id", "version", "title", "content", "userName", "categoryName", "tags", "createdAt", "updatedAt", "updated"]);
        detail.GetProperty("userName").GetString().ShouldBe("한가람");
        detail.GetProperty("categoryName").GetString().ShouldBe("Travel");
        detail.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["여행", "바다"]);
        detail.GetProperty("updated").GetBoolean().ShouldBeFalse();
        detail.GetProperty("createdAt").GetString()!.ShouldEndWith("Z");
    }

    [Fact]
    public async Task An_edit_answers_200_with_the_post_and_a_deletion_204_and_then_404()
    {
        var post = await Platform.CreateAsync("가람", "강가에서");
        (await Platform.UpdateAsync(post.Id, "가람", "호숫가에서", categoryId: 3)).ShouldBe(
            post with { Version = 2, Content = "호숫가에서", CategoryId = 3 }, Except.UpdatedAt);
        (await Platform.Http.DeleteAsync($"/posts/{post.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldBeProblemAsync(await Platform.Http.DeleteAsync($"/posts/{post.Id}"), HttpStatusCode.NotFound);
        await ShouldBeProblemAsync(await PutAsync($"/posts/{post.Id}", """{"title":"a","content":"b","categoryId":1}"""), HttpStatusCode.NotFound);
        await ShouldBeProblemAsync(await Platform.Http.GetAsync($"/posts/{post.Id}/detail"), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"content":"b","userId":1,"categoryId":1}""", "title", "is missing")]
    [InlineData("""{"title":null,"content":"b","userId":1,"categoryId":1}""", "title", "is missing")]
    [InlineData("""{"title":" \t","content":"b","userId":1,"categoryId":1}""", "title", "is blank")]
    [InlineData("""{"title":"\u200b\u3164","content":"b","userId":1,"categoryId":1}""", "title", "is blank")]
    [InlineData("""{"title":"a","content":"\n","userId":1,"categoryId":1}""", "content", "is blank")]
    [InlineData("""{"title":"a\u0000","content":"b","userId":1,"categoryId":1}""", "title", "control characters")]
    [InlineData("""{"title":"a","content":"b","categoryId":1}""", "userId", "GET /users")]
    [InlineData("""{"title":"a","content":"b","userId":31,"categoryId":1}""", "userId", "GET /users")]
    [InlineData("""{"title":"a","content":"b","userId":-1,"categoryId":1}""", "userId", "GET /users")]
    [InlineData("""{"title":"a","content":"b","userId":1,"categoryId":4}""", "categoryId", "GET /categories")]
    [InlineData("""{"title":"a","content":"b","userId":1.5,"categoryId":1}""", "userId", "whole number")]
    [InlineData("""{"title":"a","content":"b","userId":"하나","categoryId":1}""", "userId", "whole number")]
    [InlineData("""{"title":7,"content":"b","userId":1,"categoryId":1}""", "title", "text in quotes")]
    [InlineData("""{"title":["a"],"content":"b","userId":1,"categoryId":1}""", "title", "text in quotes")]
    [InlineData("""{"title":"\ud800","content":"b","userId":1,"categoryId":1}""", "title", "")]
    [InlineData("""{"title":"a","content":""", "", "not valid JSON")]
    [InlineData("""[]""", "body", "JSON object")]
    [InlineData("""null""", "body", "is missing")]
    [InlineData("", "body", "")]
    public async Task A_post_that_cannot_be_is_refused_with_the_field_and_the_fix(string body, string field, string fix)
    {
        var problem = await ShouldBeProblemAsync(await PostAsync("/posts", body), HttpStatusCode.BadRequest);
        var errors = problem.GetProperty("errors").EnumerateObject().ToList();
        errors.ShouldHaveSingleItem();
        if (field.Length > 0)
            errors[0].Name.ShouldBe(field);
        errors[0].Value[0].GetString()!.ShouldContain(fix);
        problem.GetProperty("detail").GetString()!.ShouldContain(errors[0].Name);
        problem.ToString().ShouldNotContain("System.", customMessage: "no .NET names");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var problem = await ShouldBeProblemAsync(await PostAsync("/posts", "{}"), HttpStatusCode.BadRequest);
        Names(problem.GetProperty("errors")).ShouldBe(["title", "content", "userId", "categoryId"]);
    }

    [Theory]
    [InlineData(200, 20_000, true)]
    [InlineData(201, 1, false)]
    [InlineData(1, 20_001, false)]
    public async Task Titles_have_200_characters_at_most_and_contents_20_000(int title, int content, bool fits)
    {
        string[] characters = ["한", "\u1112\u1161\u11AB", "\U0001F30A"];
        foreach (var character in characters)
        {
            var draft = new { title = Repeat(character, title), content = Repeat(character, content), userId = 1, categoryId = 1 };
            using var answer = await Platform.Http.PostAsJsonAsync("/posts", draft);
            answer.StatusCode.ShouldBe(fits ? HttpStatusCode.Created : HttpStatusCode.BadRequest, $"{character} x {title}, {content}");
        }
    }

    [Fact]
    public async Task Marks_heaped_upon_one_letter_cannot_smuggle_in_a_book() =>
        await ShouldBeProblemAsync(
            await Platform.Http.PostAsJsonAsync("/posts", new { title = "a" + Repeat("\u0301", 1_000), content = "b", userId = 1, categoryId = 1 }),
            HttpStatusCode.BadRequest);

    [Fact]
    public async Task The_author_of_a_post_does_not_change()
    {
        var post = await Platform.CreateAsync("가람", "강가에서", userId: 1);
        var problem = await ShouldBeProblemAsync(
            await PutAsync($"/posts/{post.Id}", """{"title":"a","content":"b","userId":2,"categoryId":1}"""), HttpStatusCode.BadRequest);
        Names(problem.GetProperty("errors")).ShouldBe(["userId"]);
        using var same = await PutAsync($"/posts/{post.Id}", """{"title":"a","content":"b","userId":1,"categoryId":1}""");
        same.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/list/inbox/1?size=0", "size")]
    [InlineData("/list/inbox/1?size=101", "size")]
    [InlineData("/list/inbox/1?size=many", "size")]
    [InlineData("/list/inbox/1?cursor=nonsense", "cursor")]
    [InlineData("/list/inbox/1?page=-1", "page")]
    [InlineData("/list/inbox/1?page=x", "page")]
    [InlineData("/list/search", "keyword")]
    [InlineData("/list/search?keyword=", "keyword")]
    [InlineData("/list/search?keyword=%20%21", "keyword")]
    [InlineData("/list/search?keyword=a&size=0", "size")]
    [InlineData("/list/search?keyword=a&cursor=%22%27", "cursor")]
    [InlineData("/followers", "followingId")]
    [InlineData("/followers?followingId=99", "followingId")]
    [InlineData("/followers?followingId=x", "followingId")]
    [InlineData("/followings?followerId=1&size=1000", "size")]
    [InlineData("/followings?followerId=1&cursor=-5", "cursor")]
    public async Task A_list_that_cannot_be_is_refused_with_the_field(string route, string field)
    {
        var problem = await ShouldBeProblemAsync(await Platform.Http.GetAsync(route), HttpStatusCode.BadRequest);
        Names(problem.GetProperty("errors")).ShouldBe([field]);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/posts/abc/detail")]
    [InlineData("/posts/99999999/detail")]
    [InlineData("/posts/-1/detail")]
    [InlineData("/users/31")]
    [InlineData("/categories/0")]
    [InlineData("/list/inbox/31")]
    public async Task What_is_not_there_is_a_problem_too(string route) =>
        await ShouldBeProblemAsync(await Platform.Http.GetAsync(route), HttpStatusCode.NotFound);

    [Fact]
    public async Task A_wrong_method_type_or_size_is_a_problem_too()
    {
        await ShouldBeProblemAsync(await Platform.Http.DeleteAsync("/users"), HttpStatusCode.MethodNotAllowed);
        await ShouldBeProblemAsync(
            await Platform.Http.PostAsync("/posts", new StringContent("title=a", Encoding.UTF8, "application/x-www-form-urlencoded")), HttpStatusCode.UnsupportedMediaType);
        await ShouldBeProblemAsync(await PostTooMuchAsync(), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Users_and_categories_are_listed_and_found()
    {
        var users = await Platform.Http.GetFromJsonAsync<JsonElement>("/users");
        users.GetProperty("items").GetArrayLength().ShouldBe(30);
        users.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Platform.Http.GetFromJsonAsync<JsonElement>("/users/4")).GetProperty("name").GetString().ShouldBe("Mina");
        var categories = await Platform.Http.GetFromJsonAsync<JsonElement>("/categories");
        categories.GetProperty("items").EnumerateArray().Select(category => category.GetProperty("name").GetString()).ShouldBe(["IT", "Travel", "Health"]);
        (await Platform.Http.GetFromJsonAsync<JsonElement>("/categories/2")).GetProperty("name").GetString().ShouldBe("Travel");
    }

    [Fact]
    public async Task A_follow_is_answered_201_then_200_and_its_end_204_then_404()
    {
        const string follow = """{"followerId":11,"followingId":29}""";
        (await PostAsync("/follows", follow)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await PostAsync("/follows", follow)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FollowersAsync("followers?followingId=29&size=100")).ShouldContain(11);
        (await FollowersAsync("followings?followerId=11&size=100")).ShouldContain(29);
        (await Platform.Http.DeleteAsync("/follows?followerId=11&followingId=29")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldBeProblemAsync(await Platform.Http.DeleteAsync("/follows?followerId=11&followingId=29"), HttpStatusCode.NotFound);
        (await FollowersAsync("followers?followingId=29&size=100")).ShouldNotContain(11);
    }

    [Theory]
    [InlineData("""{"followerId":1,"followingId":1}""", "followingId")]
    [InlineData("""{"followerId":1}""", "followingId")]
    [InlineData("""{"followerId":99,"followingId":1}""", "followerId")]
    public async Task A_follow_that_cannot_be_is_refused(string body, string field)
    {
        var problem = await ShouldBeProblemAsync(await PostAsync("/follows", body), HttpStatusCode.BadRequest);
        Names(problem.GetProperty("errors")).ShouldBe([field]);
    }

    [Fact]
    public async Task Followers_come_in_pages()
    {
        var all = await FollowersAsync("followers?followingId=5&size=100");
        all.ShouldBeInOrder();
        var paged = new List<long>();
        var route = "/followers?followingId=5";
        for (string? cursor = null, next = route; next is not null; next = cursor is null ? null : $"{route}&cursor={cursor}")
        {
            var page = await Platform.Http.GetFromJsonAsync<JsonElement>(next);
            page.GetProperty("items").GetArrayLength().ShouldBeInRange(1, 5);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next").GetString();
        }

        paged.ShouldBe(all);
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private async Task<List<long>> FollowersAsync(string route) =>
        [.. (await Platform.Http.GetFromJsonAsync<JsonElement>($"/{route}")).GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64())];

    /// <summary>Asks before it sends, as whoever sends much should: the answer closes the connection, and may be lost to one who is still sending.</summary>
    private async Task<HttpResponseMessage> PostTooMuchAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/posts")
        {
            Content = new StringContent($$"""{"title":"a","content":"{{new string('b', 1_100_000)}}","userId":1,"categoryId":1}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = true;
        return await Platform.Http.SendAsync(request);
    }

    private Task<HttpResponseMessage> PostAsync(string route, string json) => Platform.Http.PostAsync(route, Json(json));

    private Task<HttpResponseMessage> PutAsync(string route, string json) => Platform.Http.PutAsync(route, Json(json));

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> ShouldBeProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(status, text);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", text);
            var problem = JsonDocument.Parse(text).RootElement;
            problem.GetProperty("status").GetInt32().ShouldBe((int)status);
            problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
            return problem;
        }
    }

    /// <summary>One platform for all of these: none of them leaves anything that another stumbles over.</summary>
    public sealed class Started : IAsyncLifetime
    {
        internal PlatformHost Platform { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Platform = await PlatformHost.StartAsync();

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }

    private sealed class Except : IEqualityComparer<Messages.OriginalPost>
    {
        public static Except UpdatedAt { get; } = new();

        public bool Equals(Messages.OriginalPost? a, Messages.OriginalPost? b) => a! with { UpdatedAt = default } == b! with { UpdatedAt = default };

        public int GetHashCode(Messages.OriginalPost post) => post.Id.GetHashCode();
    }
}
