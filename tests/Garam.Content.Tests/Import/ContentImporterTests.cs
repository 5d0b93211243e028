using Garam.Content.Import;
using Garam.Content.Tests.Platform;

namespace Garam.Content.Tests.Import;

public sealed class ContentImporterTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_file_of_records_becomes_posts_that_are_found_and_what_is_wrong_is_named_by_its_line()
    {
        await using var platform = await PlatformHost.StartAsync();
        using var importer = new ContentImporter(new ImportOptions { Server = platform.Http.BaseAddress!, Wait = true });
        using var file = new StringReader(
            """
            {"text": "강가에서 읽은 소설이 오래 남는다", "author": "abc****", "movieId": "29354"}

            not json
            {"text": "   "}
            {"title": "제목이 있는 글", "text": "강가의 저녁", "userId": 3}
            """ + $"\n{{\"text\": \"{new string('가', 20_001)}\"}}");

        var report = await importer.RunAsync(file, ImportFormat.Ndjson, progress: null, Never);

        report.Failure.ShouldBeNull();
        report.ResumeFrom.ShouldBeNull();
        report.Total.Created.ShouldBe(2);
        report.Refusals.Select(refused => refused.Line).Order().ShouldBe([3, 4, 6]);
        report.Refusals.Single(refused => refused.Line == 6).Reason.ShouldContain("content");
        report.Searchable!.Missing.ShouldBe(0);
        (await platform.SearchAsync("강가")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_is_named_before_anything_is_sent()
    {
        using var importer = new ContentImporter(new ImportOptions { Server = new Uri("http://127.0.0.1:1") });
        var error = await Should.ThrowAsync<ImportException>(importer.RunAsync(new StringReader("{}"), ImportFormat.Ndjson, null, Never));
        error.Message.ShouldContain("127.0.0.1:1");
        error.Message.ShouldContain("garam up");
    }

    [Fact]
    public void Options_out_of_range_are_named_together()
    {
        var error = Should.Throw<ArgumentException>(() => new ContentImporter(new ImportOptions { Server = new Uri("ftp://x"), Concurrency = 0, FromLine = 0 }));
        error.Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("http"),
            message => message.ShouldContain("1,000"),
            message => message.ShouldContain("line"));
    }
}
