using System.Diagnostics;
using System.Text;
using Garam.Content.Messages;
using Garam.Content.Search;
using Garam.Content.Tests.Feed;

namespace Garam.Content.Tests.Search;

/// <summary>What people wrote, indexed once for all tests: titles are the first 20 characters.</summary>
public sealed class IndexedTexts : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private SearchIndex? _index;

    internal IReadOnlyList<string> Texts { get; private set; } = [];

    /// <summary>The post of the n-th text has the id n + 1.</summary>
    internal SearchIndex Index => _index!;

    public async ValueTask InitializeAsync()
    {
        _index = SearchIndex.Open(_directory.File("search.db"), TimeProvider.System);
        Texts = RealTexts.TakeIfGiven(30_000);
        await Task.WhenAll(Texts.Select((text, at) => _index.ApplyAsync(Approved(at + 1, text), Events.Place, CancellationToken.None)));
    }

    public async ValueTask DisposeAsync()
    {
        await Index.DisposeAsync();
        _directory.Dispose();
    }

    private static InspectedPostMessage Approved(long id, string text)
    {
        var message = Events.Approved(id, version: 1, author: 1, minute: 0);
        var post = message.Payload!.Post with { Title = text.Length > 20 ? text[..20] : text, Content = text };
        return message with { Payload = message.Payload with { Post = post } };
    }
}

public sealed class RealTextsTests(IndexedTexts indexed) : IClassFixture<IndexedTexts>
{
    [Fact]
    public void Every_post_is_found_by_any_two_adjacent_syllables_of_any_of_its_words()
    {
        RealTexts.SkipUnlessGiven();
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var id = random.Next(indexed.Texts.Count);
            foreach (var pair in PairsOf(indexed.Texts[id]))
            {
                // Reading begins right before the post: that it is a hit at all is the question, not its rank.
                var query = Query(pair);
                var found = indexed.Index.Find(query, new SearchHit(true, id + 2), 1).Concat(indexed.Index.Find(query, new SearchHit(false, id + 2), 1));
                found.Select(hit => hit.PostId).ShouldContain(id + 1, $"'{pair}' of '{indexed.Texts[id]}'");
            }
        }
    }

    [Theory]
    [InlineData("영화")]
    [InlineData("이")]
    [InlineData("이영화")]
    [InlineData("영화 정말")]
    [InlineData("이 다")]
    [InlineData("최고의 영화")]
    [InlineData("흡인력")]
    [InlineData("없는낱말")]
    public void A_word_that_is_everywhere_is_answered_as_quickly_as_a_rare_one(string keyword)
    {
        RealTexts.SkipUnlessGiven();
        var query = Query(keyword);
        var first = Milliseconds(() => indexed.Index.Find(query, SearchHit.Top, 6));
        var deep = Milliseconds(() => indexed.Index.Find(query, new SearchHit(false, 15_000), 6));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{keyword}: first page {first:0.00} ms, deep {deep:0.00} ms, {indexed.Index.Find(query, SearchHit.Top, 100_000).Count:N0} hits");
        Math.Max(first, deep).ShouldBeLessThan(100);
    }

    private static double Milliseconds(Action action)
    {
        action();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / 10;
    }

    // Written apart from the code under test: a word is what stands between characters that are no letter or digit.
    private static IEnumerable<string> PairsOf(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        return runes.Zip(runes.Skip(1))
            .Where(pair => Rune.IsLetterOrDigit(pair.First) && Rune.IsLetterOrDigit(pair.Second))
            .Select(pair => $"{pair.First}{pair.Second}");
    }

    private static SearchQuery Query(string keyword) =>
        SearchQuery.TryParse(keyword, out var query, out var error) ? query : throw new ArgumentException(error, nameof(keyword));
}
