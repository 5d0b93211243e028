using Garam.Console.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Console.Tests.Elements;

public sealed class SparklineTests
{
    [Fact]
    public async Task Nothing_is_drawn_until_there_are_enough_points_for_a_curve()
    {
        (await PathOfAsync(null, 1, 2)).ShouldBe("");
        (await PathOfAsync(1, 2, 3)).ShouldStartWith("M0 ");
    }

    private static async Task<string> PathOfAsync(params double?[] values)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Values"] = values, ["Label"] = "Lag" });
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<Sparkline>(parameters)).ToHtmlString());
        return html.Split("<path d=\"")[1].Split('"')[0];
    }
}
