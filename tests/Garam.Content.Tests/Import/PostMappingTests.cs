using Garam.Content.Import;

namespace Garam.Content.Tests.Import;

public sealed class PostMappingTests
{
    private static readonly KnownName[] Users = [.. Enumerable.Range(1, 30).Select(id => new KnownName(id, $"user{id}"))];
    private static readonly KnownName[] Categories = [new(1, "IT"), new(2, "Travel"), new(3, "Health")];

    [Fact]
    public void Usual_field_names_are_found_whatever_their_case()
    {
        var post = Map(new(), ("Subject", "제목"), ("BODY", "본문"), ("UserId", "7"), ("Category", "Travel"));
        post.ShouldBe(new ImportedPost("제목", "본문", 7, 2));
    }

    [Fact]
    public void Named_fields_win()
    {
        var options = new ImportOptions { TitleField = "a", ContentField = "b", UserField = "c", CategoryField = "d" };
        Map(options, ("a", "제목"), ("b", "본문"), ("c", "user9"), ("d", "3"), ("title", "x"), ("text", "x")).ShouldBe(new ImportedPost("제목", "본문", 9, 3));
    }

    [Theory]
    [InlineData("짧은 글", "짧은 글")]
    [InlineData("  줄이\n바뀌는   글  ", "줄이 바뀌는 글")]
    [InlineData("스무 글자보다 긴 글은 스무 글자까지만 제목이 된다", "스무 글자보다 긴 글은 스무 글자까지")]
    [InlineData("스무 번째 글자가 빈칸이면 끝의 것은 지운다", "스무 번째 글자가 빈칸이면 끝의 것은")]
    [InlineData("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧!", "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧")]
    public void A_record_without_a_title_gets_the_beginning_of_its_content(string content, string title) =>
        Map(new(), ("text", content)).Title.ShouldBe(title);

    [Fact]
    public void An_unknown_author_is_always_the_same_user()
    {
        Map(new(), ("text", "글"), ("author", "abc****")).UserId.ShouldBe(Map(new(), ("text", "다른 글"), ("author", "abc****")).UserId);
        Enumerable.Range(0, 300).Select(author => Map(new(), ("text", "글"), ("author", $"a{author}")).UserId).Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public void A_missing_content_is_explained()
    {
        var mapping = new PostMapping(new ImportOptions { ContentField = "review" }, Users, Categories);
        mapping.TryMap(Record(("text", "글")), out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("review");
    }

    private static ImportedPost Map(ImportOptions options, params (string Name, string Value)[] fields)
    {
        new PostMapping(options, Users, Categories).TryMap(Record(fields), out var post, out var error).ShouldBeTrue(error);
        return post!;
    }

    private static SourceRecord Record(params (string Name, string Value)[] fields) =>
        new(1, fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.OrdinalIgnoreCase));
}
