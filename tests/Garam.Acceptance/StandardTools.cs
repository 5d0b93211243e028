namespace Garam.Acceptance;

/// <summary>Tools that know nothing of Garam use its broker while the platform runs on it.</summary>
public sealed class StandardTools : IDisposable
{
    private readonly string _data = Repository.NewFolder("tools");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Kcat_lists_produces_and_consumes_alone_and_in_a_group()
    {
        Assert.SkipUnless(Repository.Has("kcat"), "kcat is not installed: apt-get install kcat");
        await using var garam = await GaramProcess.UpAsync(_data, _ct);

        (await Kcat(garam, ["-L"])).ShouldContain("topic \"post.original\"");

        await Kcat(garam, ["-P", "-t", "river", "-K", ":"], "하나:첫째 물결\n둘:둘째 물결\n");
        (await Kcat(garam, ["-C", "-t", "river", "-o", "beginning", "-e", "-q", "-f", "%k=%s\n"])).ShouldBe("하나=첫째 물결\n둘=둘째 물결\n");

        var group = await Kcat(garam, ["-G", "boats", "-X", "auto.offset.reset=earliest", "-c", "2", "-q", "-f", "%s\n", "river"]);
        group.ShouldBe("첫째 물결\n둘째 물결\n");
    }

    [Fact]
    public async Task Kcat_reads_the_events_of_a_post()
    {
        Assert.SkipUnless(Repository.Has("kcat"), "kcat is not installed: apt-get install kcat");
        await using var garam = await GaramProcess.UpAsync(_data, _ct);
        using var content = new ContentClient(garam.Http);
        var post = await content.CreateAsync("뗏목 여행", "상류에서 하류까지 사흘이 걸렸다.", 5, _ct);
        await Eventually.IsAsync(() => content.DetailAsync(post.Id, _ct), seen => seen is not null, "the post is seen", _ct);

        foreach (var topic in (string[])["post.original", "post.inspected"])
        {
            var records = await Kcat(garam, ["-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%k %s\n"]);
            records.ShouldContain($"{post.Id} {{");
            records.ShouldContain("\"operationType\":\"CREATE\"");
        }
    }

    private Task<string> Kcat(GaramProcess garam, string[] arguments, string input = "") =>
        Repository.RunAsync("kcat", ["-b", garam.Kafka, .. arguments], input, _ct);
}
