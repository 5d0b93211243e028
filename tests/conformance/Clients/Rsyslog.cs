using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Garam.Conformance.Clients;

/// <summary>rsyslogd in the foreground, as any user may run it: it follows one file and sends its lines to a topic, by the librdkafka of the system.</summary>
internal sealed class Rsyslog : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly string? Program = Tool.Find("rsyslogd") ?? new[] { "/usr/sbin/rsyslogd" }.FirstOrDefault(File.Exists);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("garam-rsyslog-");
    private readonly Process _process;
    private readonly Task<string> _errors;

    public Rsyslog(string bootstrapServers, string topic, string firstLines)
    {
        File.WriteAllText(LogFile, firstLines);
        var configuration = Path.Combine(_folder.FullName, "rsyslog.conf");
        File.WriteAllText(configuration, $"""
            global(workDirectory="{_folder.FullName}")
            module(load="imfile")
            module(load="omkafka")
            template(name="line" type="string" string="%msg%")
            input(type="imfile" File="{LogFile}" Tag="app:")
            action(type="omkafka" broker=["{bootstrapServers}"] topic="{topic}" template="line"
                   confParam=["compression.codec=snappy", "api.version.request=true"])

            """);
        var start = new ProcessStartInfo(Program!, ["-n", "-f", configuration, "-i", Path.Combine(_folder.FullName, "pid")]) { RedirectStandardError = true };
        _process = Process.Start(start) ?? throw new Win32Exception("rsyslogd could not be started.");
        _errors = _process.StandardError.ReadToEndAsync();
    }

    private string LogFile => Path.Combine(_folder.FullName, "app.log");

    public static void Require()
    {
        Assert.SkipWhen(Program is null, "rsyslogd is not installed");
        Assert.SkipUnless(Directory.EnumerateFiles("/usr/lib", "omkafka.so", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).Any(),
            "rsyslog's omkafka is not installed: apt-get install rsyslog-kafka");
    }

    public void Append(string lines) => File.AppendAllText(LogFile, lines);

    /// <summary>Ends it, as an init system does: what is in its queue is sent first.</summary>
    /// <returns>What it had to complain about.</returns>
    public async Task<string> StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            Kill(_process.Id, SigTerm);
        }
        await _process.WaitForExitAsync(cancellationToken);
        return await _errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
