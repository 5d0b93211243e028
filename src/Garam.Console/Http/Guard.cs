using System.Net;
using Garam.Console.Snapshots;
using Garam.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Garam.Console.Http;

/// <summary>
/// Stands before every route of the console and of its API. It wraps the whole endpoint rather than filtering it, so that it decides before a
/// body is read, and sees what fails while a page is written.
/// </summary>
/// <remarks>
/// Forms carry no token. A browser says itself where a request comes from (<c>Sec-Fetch-Site</c>, else <c>Origin</c>), and neither can be set by
/// a page; with the check of the host name this holds without any secret that would have to survive a restart.
/// </remarks>
internal static class Guard
{
    public static TBuilder Guarded<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            var run = endpoint.RequestDelegate!;
            var changes = endpoint.Changes();
            endpoint.RequestDelegate = context => AnswerAsync(context, run, changes);
        });
        return routes;
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate run, bool changes)
    {
        var options = context.RequestServices.GetRequiredService<ConsoleOptions>();
        SecurityHeaders.AddTo(context.Response);
        try
        {
            if (Refusal(context, options, changes) is { } refusal)
                throw refusal;
            await run(context);
            if (changes)
                Changed(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && OperationException.From(exception) is { } failure)
        {
            if (changes || failure.Kind is FailureKind.Unreachable or FailureKind.Failed)
                ConsoleLog.Failed(LoggerOf(context), context.Request.Method, context.Request.Path, failure.Kind, failure.Message);
            await Failures.WriteAsync(context, failure);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await Failures.WriteAsync(context, new OperationException(FailureKind.Invalid, exception.Message, exception));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser went on to another page: nobody is left to be told.
        }
    }

    // The page that follows shows what was done.
    private static void Changed(HttpContext context)
    {
        var services = context.RequestServices;
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
            ConsoleLog.Changed(LoggerOf(context), context.Request.Method, context.Request.Path);
        services.GetRequiredService<ClusterView>().Forget();
        services.GetRequiredService<DeadLetterView>().Forget();
    }

    private static ILogger LoggerOf(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Garam.Console");

    private static OperationException? Refusal(HttpContext context, ConsoleOptions options, bool changes)
    {
        if (!IsKnownHost(context, options))
            return new(FailureKind.Unauthorized, $"this console does not answer to the name {context.Request.Host.Host}: use localhost, or allow the name with --allow-host.");
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !IsSameOrigin(context.Request))
            return new(FailureKind.Unauthorized, "a page of another site may not change anything here.");
        return changes && options.ReadOnly
            ? new(FailureKind.Unauthorized, "this console is read-only: nothing was changed.")
            : null;
    }

    // A name that its owner points at 127.0.0.1 makes this server part of his site for the browser (DNS rebinding). An address cannot be pointed.
    private static bool IsKnownHost(HttpContext context, ConsoleOptions options)
    {
        if (context.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local))
            return true;
        var host = context.Request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host, out _)
            || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    // Neither header: no browser, and so nobody whose rights could be borrowed.
    private static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is "same-origin" or "none";
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
