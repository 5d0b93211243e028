namespace Garam.Content.Tests.Platform;

/// <summary>content.db comes back from a copy, or not at all, while the log and the read models know more than it.</summary>
public sealed class RestoreTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ids_are_not_given_again_and_search_finds_no_post_by_the_words_of_a_lost_one(bool isRestored)
    {
        await using var platform = await PlatformHost.StartAsync();
        var kept = await platform.CreateAsync("복사 전", "본문");
        await SeenAsync(platform, "복사", kept.Id);
        await platform.StopAppAsync();
        Copy(platform.DataDirectory, platform.DataDirectory + "-copy");

        await platform.StartAppAsync();
        var lost = new List<long>();
        for (var n = 0; n < 3; n++)
            lost.Add((await platform.CreateAsync($"사라진 글 {n}", "본문")).Id);
        await platform.UpdateAsync(lost[0], "사라진 수정", "본문");
        await platform.UpdateAsync(kept.Id, "없어질 제목", "본문");
        await SeenAsync(platform, "사라진", [.. lost]);
        await SeenAsync(platform, "없어질", kept.Id);
        await platform.StopAppAsync();
        foreach (var file in Directory.GetFiles(platform.DataDirectory, "content.db*"))
            File.Delete(file);
        if (isRestored)
            Copy(platform.DataDirectory + "-copy", platform.DataDirectory);

        await platform.StartAppAsync();
        var fresh = await platform.CreateAsync("되살린 뒤", "본문");
        fresh.Id.ShouldBeGreaterThan(lost.Max());
        await SeenAsync(platform, "되살린", fresh.Id);
        if (isRestored)
            await SeenAsync(platform, "복사", kept.Id);
        (await platform.SearchAsync("사라진")).ShouldBeEmpty();
        (await platform.SearchAsync("없어질")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ids_are_not_given_again_when_the_read_models_are_gone_too()
    {
        await using var platform = await PlatformHost.StartAsync();
        var lost = await platform.CreateAsync("사라진 글", "본문");
        await SeenAsync(platform, "사라진", lost.Id);
        await platform.StopAppAsync();
        Directory.Delete(platform.DataDirectory, recursive: true);

        await platform.StartAppAsync();
        await platform.Services.GetReady();
        (await platform.CreateAsync("새 글", "본문")).Id.ShouldBeGreaterThan(lost.Id);
    }

    [Fact]
    public async Task A_version_that_was_lost_is_not_taken_for_the_one_that_has_its_number_now()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("처음 제목", "본문");
        await SeenAsync(platform, "처음", post.Id);
        await platform.StopAppAsync();
        Copy(platform.DataDirectory, platform.DataDirectory + "-copy");
        await platform.StartAppAsync();
        await platform.UpdateAsync(post.Id, "잃은 제목", "본문");
        await platform.UpdateAsync(post.Id, "더 잃은 제목", "본문");
        await SeenAsync(platform, "더", post.Id);
        await platform.StopAppAsync();
        Copy(platform.DataDirectory + "-copy", platform.DataDirectory);

        await platform.StartAppAsync();
        await platform.UpdateAsync(post.Id, "다시 고친 제목", "본문");
        await SeenAsync(platform, "고친", post.Id);
        (await platform.SearchAsync("잃은")).ShouldBeEmpty();
        (await platform.DetailAsync(post.Id))!.Title.ShouldBe("다시 고친 제목");
    }

    [Fact]
    public async Task An_ordinary_restart_keeps_ids_and_read_models_as_they_are()
    {
        await using var platform = await PlatformHost.StartAsync();
        var first = await platform.CreateAsync("첫 글", "본문");
        await platform.UpdateAsync(first.Id, "고친 첫 글", "본문");
        await SeenAsync(platform, "고친", first.Id);
        var identity = IdentityOf(platform);
        await platform.StopAppAsync();

        await platform.StartAppAsync();
        await platform.Services.GetReady();
        (await platform.CreateAsync("둘째 글", "본문")).Id.ShouldBe(first.Id + 1);
        IdentityOf(platform).ShouldBe(identity);
    }

    private static string IdentityOf(PlatformHost platform) => StoreIdentity.Of(((ContentStore)platform.Services.GetService(typeof(ContentStore))!).Rows);

    private static Task SeenAsync(PlatformHost platform, string keyword, params long[] ids) => Eventually.IsTrueAsync(
        async () => (await platform.SearchAsync(keyword)).Order().SequenceEqual(ids.Order()), $"search for {keyword} finds {string.Join(", ", ids)}");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(to, "content.db*"))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(from, "content.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}

internal static class Readiness
{
    public static Task GetReady(this IServiceProvider services) =>
        ((Garam.Messaging.Preparation.ClusterReadiness)services.GetService(typeof(Garam.Messaging.Preparation.ClusterReadiness))!).Prepared.WaitAsync(TimeSpan.FromSeconds(60));
}
