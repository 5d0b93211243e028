using System.Net.Http.Json;
using System.Text.Json;
using Garam.Broker;
using Garam.Content.Lists;
using Garam.Content.Messages;
using Garam.Content.Moderation;
using Garam.Content.Posts;
using Garam.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Garam.Content.Tests.Platform;

/// <summary>The whole platform on a real broker and a real HTTP port, in a directory of its own; its parts can be stopped and started.</summary>
internal sealed class PlatformHost : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly TemporaryDirectory _directory = new();
    private KafkaBroker? _broker;
    private WebApplication? _app;
    private HttpClient? _http;

    /// <summary>Stands in for the local moderator where it is given.</summary>
    public IModerator? Moderator { get; init; }

    public string BootstrapServers { get; private set; } = "127.0.0.1:0";

    public HttpClient Http => _http!;

    public IServiceProvider Services => _app!.Services;

    public string DataDirectory => _directory.File("content");

    public static async Task<PlatformHost> StartAsync(IModerator? moderator = null)
    {
        var host = new PlatformHost { Moderator = moderator };
        await host.StartBrokerAsync();
        await host.StartAppAsync();
        return host;
    }

    /// <summary>Starts the broker where it was before, on what it had.</summary>
    public async Task StartBrokerAsync()
    {
        _broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { Listen = BootstrapServers, DataDirectory = _directory.File("broker") });
        BootstrapServers = _broker.BootstrapServers;
    }

    public async Task StopBrokerAsync()
    {
        await _broker!.DisposeAsync();
        _broker = null;
    }

    public async Task StartAppAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("GARAM_TEST_LOG") is not null)
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblemDetails();
        builder.Services.AddMessaging(options => options.BootstrapServers = BootstrapServers);
        if (Moderator is not null)
            builder.Services.AddSingleton(Moderator);
        builder.Services.AddContent(options => options.DataDirectory = DataDirectory);
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.UseStatusCodePages();
        _app.MapContent();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task StopAppAsync()
    {
        _http!.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async Task<OriginalPost> CreateAsync(string title, string content, long userId = 1, long categoryId = 1)
    {
        using var answer = await Http.PostAsJsonAsync("/posts", new { title, content, userId, categoryId }, Web);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<OriginalPost>(Web))!;
    }

    public async Task<OriginalPost> UpdateAsync(long id, string title, string content, long categoryId = 1)
    {
        using var answer = await Http.PutAsJsonAsync($"/posts/{id}", new { title, content, categoryId }, Web);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<OriginalPost>(Web))!;
    }

    public async Task DeleteAsync(long id)
    {
        using var answer = await Http.DeleteAsync($"/posts/{id}");
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);
    }

    public async Task<PostDetail?> DetailAsync(long id)
    {
        using var answer = await Http.GetAsync($"/posts/{id}/detail");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<PostDetail>(Web) : null;
    }

    public async Task<List<long>> InboxAsync(long user) => await AllAsync($"/list/inbox/{user}?size=100");

    public async Task<List<long>> SearchAsync(string keyword) => await AllAsync($"/list/search?keyword={Uri.EscapeDataString(keyword)}&size=100");

    public async Task<ListAnswer<PostInList>> PageAsync(string route) => (await Http.GetFromJsonAsync<ListAnswer<PostInList>>(route, Web))!;

    public async Task FollowAsync(long followerId, long followingId)
    {
        using var answer = await Http.PostAsJsonAsync("/follows", new { followerId, followingId }, Web);
        answer.EnsureSuccessStatusCode();
    }

    public async Task UnfollowAsync(long followerId, long followingId)
    {
        using var answer = await Http.DeleteAsync($"/follows?followerId={followerId}&followingId={followingId}");
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await StopAppAsync();
        if (_broker is not null)
            await StopBrokerAsync();
        _directory.Dispose();
    }

    private async Task<List<long>> AllAsync(string route)
    {
        var ids = new List<long>();
        var page = await PageAsync(route);
        ids.AddRange(page.Items.Select(item => item.Id));
        while (page.Next is { } next)
        {
            page = await PageAsync($"{route}&cursor={Uri.EscapeDataString(next)}");
            ids.AddRange(page.Items.Select(item => item.Id));
        }

        return ids;
    }
}
