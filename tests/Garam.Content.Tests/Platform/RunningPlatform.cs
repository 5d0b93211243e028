using System.Net.Http.Json;
using System.Text.Json;
using Garam.Content.Lists;
using Garam.Content.Messages;
using Garam.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Garam.Content.Tests.Platform;

/// <summary>The content platform as it is in production, in this process: real HTTP, real Kafka protocol, real files.</summary>
internal sealed class RunningPlatform : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningPlatform(WebApplication app, Uri address) => (_app, Http) = (app, new HttpClient { BaseAddress = address });

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<RunningPlatform> StartAsync(string bootstrapServers, string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("GARAM_TEST_LOG") is not null)
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddMessaging(options => options.BootstrapServers = bootstrapServers);
        builder.Services.AddContent(options => options.DataDirectory = directory);
        var app = builder.Build();
        app.MapContent();
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new RunningPlatform(app, new Uri(addresses.First()));
    }

    public async Task<OriginalPost> WriteAsync(string title, string content, long userId, long categoryId = 1)
    {
        using var response = await Http.PostAsJsonAsync("/posts", new { title, content, userId, categoryId });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<OriginalPost>())!;
    }

    public async Task<List<long>> SearchAsync(string keyword) =>
        Ids(await Http.GetFromJsonAsync<ListAnswer<PostInList>>($"/list/search?size=100&keyword={Uri.EscapeDataString(keyword)}"));

    public async Task<List<long>> InboxAsync(long userId) =>
        Ids(await Http.GetFromJsonAsync<ListAnswer<PostInList>>($"/list/inbox/{userId}?size=100"));

    public async Task<bool> IsVisibleAsync(long id)
    {
        using var response = await Http.GetAsync($"/posts/{id}/detail");
        return response.IsSuccessStatusCode;
    }

    public async Task<List<long>> UsersAsync(string path)
    {
        using var answer = await Http.GetFromJsonAsync<JsonDocument>(path);
        return [.. answer!.RootElement.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64())];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static List<long> Ids(ListAnswer<PostInList>? answer) => [.. answer!.Items.Select(post => post.Id)];
}
