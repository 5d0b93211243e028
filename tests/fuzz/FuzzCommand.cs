using System.Globalization;

namespace Garam.Fuzz;

/// <summary>The command line of a long run.</summary>
internal static class FuzzCommand
{
    public static int Run(string[] arguments)
    {
        if (!TryParse(arguments, out var options))
        {
            Console.Error.WriteLine("usage: tests/fuzz/run [--inputs N] [--seed S] [--epoch E] [--target requests|batches|streams] [--keep DIR]");
            return 2;
        }
        var report = new Fuzzer(options, Console.Out.WriteLine).Run();
        Console.Out.WriteLine(report.ToString());
        return report.Findings.Count == 0 ? 0 : 1;
    }

    private static bool TryParse(string[] arguments, out FuzzOptions options)
    {
        options = new FuzzOptions();
        if (arguments.Length % 2 != 0) return false;
        foreach (var pair in arguments.Chunk(2))
        {
            switch (pair[0])
            {
                case "--inputs" when long.TryParse(pair[1], CultureInfo.InvariantCulture, out var inputs):
                    options = options with { Inputs = inputs };
                    break;
                case "--seed" when int.TryParse(pair[1], CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--epoch" when int.TryParse(pair[1], CultureInfo.InvariantCulture, out var epoch):
                    options = options with { FirstEpoch = epoch };
                    break;
                case "--target":
                    options = options with { Target = pair[1] };
                    break;
                case "--keep":
                    options = options with { KeepDirectory = pair[1] };
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}
