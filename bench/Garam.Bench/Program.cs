using Garam.Bench;
using Garam.Bench.Load;
using Garam.Bench.Report;
using Garam.Bench.Servers;

// bench/run is the way in; the other verbs are what it starts.
const string usage = """
    bench/run [--quick] [--rows NAME,...] [--servers NAME,...] [--rounds N] [--warm-ups N] [--no-pin]
        measures, and keeps the numbers in bench/results; rows are named 1k, 100b, paced, start, resident, p1 ... p10000;
        servers are kafka (by GARAM_ENGINE), garam, embedded, floor
    bench/run table FILE    shows kept numbers
    bench/run page FILE     puts them into docs/performance.md
    """;

var root = FindRoot();
switch (args)
{
    case ["embedded", var listen, var data]: return await EmbeddedProgram.ServeAsync(listen, data);
    case ["starts", var count]: return await EmbeddedProgram.StartOftenAsync(int.Parse(count));
    case ["table", var file]: Console.WriteLine(PerformancePage.Render(file)); return 0;
    case ["page", var file]: PerformancePage.Update(Path.Combine(root, "docs", "performance.md"), file); return 0;
}

Plan plan;
try
{
    plan = Plan.Parse(args);
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine($"bench: {mistake.Message}\n{usage}");
    return 64;
}
Pause.MakeTimersExact();
var results = ResultFile.Create(Path.Combine(root, "bench", "results"), plan);
using (var run = new Run(plan, root, results)) run.Execute();
Console.WriteLine(PerformancePage.Render(results.Path));
return 0;

static string FindRoot()
{
    var folder = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(folder, "Garam.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Garam.slnx above the program");
    return folder;
}
